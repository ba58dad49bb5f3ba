-- A ledger of version 0002, as Tailframe 0002 wrote it. Loaded by tests/ledgers, and never changed.
BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0002');
CREATE TABLE budgets (
	series TEXT NOT NULL, 
	scope TEXT NOT NULL, 
	"key" TEXT NOT NULL, 
	cap_micros BIGINT, 
	spent_micros BIGINT NOT NULL, 
	reserved_micros BIGINT NOT NULL, 
	PRIMARY KEY (series, scope, "key"), 
	CONSTRAINT ck_budgets_sums CHECK (spent_micros >= 0 AND reserved_micros >= 0)
);
INSERT INTO "budgets" VALUES('harbour','series','harbour',20000000,2400000,0);
INSERT INTO "budgets" VALUES('harbour','episode','e01',NULL,2400000,0);
INSERT INTO "budgets" VALUES('harbour','day','2026-11-29',NULL,2400000,0);
INSERT INTO "budgets" VALUES('harbour','run','154f2fbe974545cc8c425fe75815ebd2',NULL,1200000,0);
INSERT INTO "budgets" VALUES('harbour','run','605db566456d4b50a3561f100029bb97',NULL,1200000,0);
INSERT INTO "budgets" VALUES('lighthouse','series','lighthouse',100000000,12500000,6000000);
INSERT INTO "budgets" VALUES('lighthouse','episode','e01',50000000,12500000,6000000);
INSERT INTO "budgets" VALUES('lighthouse','day','2026-11-29',60000000,12500000,6000000);
INSERT INTO "budgets" VALUES('lighthouse','run','2387ba95cd2d42e1a45824e8e433bae7',NULL,12500000,6000000);
CREATE TABLE circles (
	series TEXT NOT NULL, 
	shot TEXT NOT NULL, 
	take TEXT, 
	by_person BOOLEAN NOT NULL, 
	waived BOOLEAN NOT NULL, 
	words TEXT NOT NULL, 
	at DATETIME NOT NULL, 
	PRIMARY KEY (series, shot), 
	FOREIGN KEY(take) REFERENCES takes (id)
);
INSERT INTO "circles" VALUES('harbour','e01/pier/010','d1c6efb931e44eca8dd0b74450e769ef',0,0,'','2026-11-29 07:41:06.652000');
INSERT INTO "circles" VALUES('harbour','e01/sea/010','4b53fcaecd6f4ed2b3d50001afceb7ce',0,0,'','2026-11-29 07:41:06.679000');
INSERT INTO "circles" VALUES('harbour','e01/pier/020','ea3e959df7634399b97f5acf2b6ba3a9',0,0,'','2026-11-29 07:41:07.275000');
INSERT INTO "circles" VALUES('lighthouse','e01/lamp/030','db0edf9ea14d4aed8c338567f8dd97dd',0,0,'','2026-11-29 07:41:08.212000');
INSERT INTO "circles" VALUES('lighthouse','e01/shore/010','abc17869255d45d5bba48a530e2751c7',0,0,'','2026-11-29 07:41:08.241000');
INSERT INTO "circles" VALUES('lighthouse','e01/lamp/010','da2b2d3ccfb14ba787d82d6c9fc9f87f',1,0,'','2026-11-29 07:41:08.281000');
INSERT INTO "circles" VALUES('lighthouse','e01/night/010',NULL,1,1,'no time','2026-11-29 07:41:08.283000');
INSERT INTO "circles" VALUES('lighthouse','e01/shore/040','87d7da3845b9425b86c56c3c0bb806dc',0,0,'','2026-11-29 07:41:08.318000');
INSERT INTO "circles" VALUES('lighthouse','e01/shore/050','91385aad6b9144d1be9e1c483430bd44',0,0,'','2026-11-29 07:41:08.343000');
INSERT INTO "circles" VALUES('lighthouse','e01/night/020','d5958afdb5614d41952e223e77860dc5',0,0,'','2026-11-29 07:41:08.370000');
INSERT INTO "circles" VALUES('lighthouse','e01/night/030','b8eaa95e348044bea7e3933e5e148578',0,0,'','2026-11-29 07:41:08.400000');
INSERT INTO "circles" VALUES('lighthouse','e01/night/040','845dde9ddd544494a0727762f41896f9',0,0,'','2026-11-29 07:41:08.432000');
CREATE TABLE derived (
	"key" TEXT NOT NULL, 
	sha256 TEXT NOT NULL, 
	at DATETIME NOT NULL, 
	PRIMARY KEY ("key")
);
INSERT INTO "derived" VALUES('frame:1:2bdd0d0b7aa2e4d672e4ec597b93b6a38ea110a996ec76ba03008794b363d066:23','36673cc38d93eeb8daa41a4fbd90e0f151b72b9b49f9746f7ed9c8fcefd3e618','2026-11-29 07:41:04.548000');
INSERT INTO "derived" VALUES('conform-1:house-1:2bdd0d0b7aa2e4d672e4ec597b93b6a38ea110a996ec76ba03008794b363d066:24:160x90:24','ffc813e0f5fc26f97e385e2e64a2b9033cfac4231986e67d8db2eeb415d1a46c','2026-11-29 07:41:04.656000');
INSERT INTO "derived" VALUES('conform-1:house-1:a21a6e935c68e3b276ed86c48255221de6f8ed6a9db9584b2906be03f6c6a1c6:24:160x90:24','77339110650746d1fc2f1053263ba4b0e59e30db9be3b6aa28888656405396b4','2026-11-29 07:41:04.704000');
INSERT INTO "derived" VALUES('conform-1:house-1:7d156844ecd3c4848b8de53036b992f54cca91bc0c2071d0b06e6c7613d4c7ca:24:160x90:24','77339110650746d1fc2f1053263ba4b0e59e30db9be3b6aa28888656405396b4','2026-11-29 07:41:05.063000');
INSERT INTO "derived" VALUES('master:d88603b92dde3c958d88ec08ecef356591dc04162d0e25f31ea82c9e080f4bcb','f9325eba2ec0326f523338f9615ef0939e61a4bea9c04d58c03ac7cc02666ed3','2026-11-29 07:41:05.236000');
INSERT INTO "derived" VALUES('frame:1:7d156844ecd3c4848b8de53036b992f54cca91bc0c2071d0b06e6c7613d4c7ca:23','0025440a07fbf34a3702bcc9a04b757968e3e7df14b59783421bcaf19145a8d2','2026-11-29 07:41:05.288000');
INSERT INTO "derived" VALUES('frame:1:a21a6e935c68e3b276ed86c48255221de6f8ed6a9db9584b2906be03f6c6a1c6:23','0025440a07fbf34a3702bcc9a04b757968e3e7df14b59783421bcaf19145a8d2','2026-11-29 07:41:05.348000');
INSERT INTO "derived" VALUES('conform-1:house-1:a46ca0b260db7ac2ded2a3f76631e10f6af1c8cca87b85acaead79efda840ea5:24:160x90:24','512fb8d2c49e5d285605d870496d9818ee3de2df1dc04fb54e8fd753e82bbb32','2026-11-29 07:41:06.852000');
INSERT INTO "derived" VALUES('frame:1:a46ca0b260db7ac2ded2a3f76631e10f6af1c8cca87b85acaead79efda840ea5:23','e6e00c1092318422ffff15c8716d6d9a67dd999ccbce50faef041e82128a8639','2026-11-29 07:41:06.856000');
INSERT INTO "derived" VALUES('conform-1:house-1:23008bfd82c3668f11781f132d21e0b0681d6fac4ba0e618755dfb000acc7bfd:24:160x90:24','a55f49ea2d2304c59a2c41bd388a3b1ed39e2313324c6c3dff883586c5149ff5','2026-11-29 07:41:06.903000');
INSERT INTO "derived" VALUES('conform-1:house-1:1b74688506c263b839f32ec21b9fbd769ec9380a3d24cab2ce10758dd8a1e1ca:24:160x90:24','77339110650746d1fc2f1053263ba4b0e59e30db9be3b6aa28888656405396b4','2026-11-29 07:41:07.411000');
INSERT INTO "derived" VALUES('master:5606301725c302571ea1bdb1f7f58c5aa445be6b6695b29815c2dea55a3104c3','ee6d9b4849b57ba2016989e3485231dedb379bf146399fc8d0f1e0124a0ce612','2026-11-29 07:41:07.609000');
INSERT INTO "derived" VALUES('frame:1:1b74688506c263b839f32ec21b9fbd769ec9380a3d24cab2ce10758dd8a1e1ca:23','0025440a07fbf34a3702bcc9a04b757968e3e7df14b59783421bcaf19145a8d2','2026-11-29 07:41:07.671000');
INSERT INTO "derived" VALUES('frame:1:23008bfd82c3668f11781f132d21e0b0681d6fac4ba0e618755dfb000acc7bfd:23','782afa154723b23e53104c4f0c625202ffc1260a5736e60c69f0105f6cc4b817','2026-11-29 07:41:07.731000');
INSERT INTO "derived" VALUES('tail of a1','dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd','2026-11-29 07:41:08.284000');
CREATE TABLE doorkeepers (
	url TEXT NOT NULL, 
	seen_at DATETIME NOT NULL, 
	PRIMARY KEY (url)
);
CREATE TABLE doors (
	take TEXT NOT NULL, 
	secret TEXT NOT NULL, 
	opened_at DATETIME NOT NULL, 
	rung_at DATETIME, 
	rings INTEGER NOT NULL, 
	told_job TEXT, 
	PRIMARY KEY (take), 
	CONSTRAINT uq_doors_secret UNIQUE (secret), 
	FOREIGN KEY(take) REFERENCES takes (id)
);
INSERT INTO "doors" VALUES('d9579c510129460ea9b1bcd5eed92d81','6bf49cb50d94482c65fecb09cb362d2b4153a84fff64814a7e92f57fd021f32c','2026-11-29 07:41:08.296000',NULL,0,NULL);
CREATE TABLE events (
	id INTEGER NOT NULL, 
	take TEXT NOT NULL, 
	at DATETIME NOT NULL, 
	from_state TEXT, 
	to_state TEXT NOT NULL, 
	run TEXT NOT NULL, 
	host TEXT NOT NULL, 
	words TEXT NOT NULL, 
	alarm BOOLEAN NOT NULL, 
	PRIMARY KEY (id), 
	FOREIGN KEY(take) REFERENCES takes (id)
);
INSERT INTO "events" VALUES(1,'3769616636a04c49888692d76a786ace','2026-11-29 07:41:03.527000',NULL,'planned','154f2fbe974545cc8c425fe75815ebd2','studio','opened',0);
INSERT INTO "events" VALUES(2,'c5d0742e4c4a4542900ebed3ca9f816d','2026-11-29 07:41:03.527000',NULL,'planned','154f2fbe974545cc8c425fe75815ebd2','studio','opened',0);
INSERT INTO "events" VALUES(3,'de11ab4aba13419fb74b59a5457f1174','2026-11-29 07:41:03.527000',NULL,'planned','154f2fbe974545cc8c425fe75815ebd2','studio','opened',0);
INSERT INTO "events" VALUES(4,'3769616636a04c49888692d76a786ace','2026-11-29 07:41:03.553000','planned','submitting','154f2fbe974545cc8c425fe75815ebd2','studio','claimed by vm_24476_db2a226e, $0.40 reserved',0);
INSERT INTO "events" VALUES(5,'de11ab4aba13419fb74b59a5457f1174','2026-11-29 07:41:03.583000','planned','submitting','154f2fbe974545cc8c425fe75815ebd2','studio','claimed by vm_24476_db2a226e, $0.40 reserved',0);
INSERT INTO "events" VALUES(6,'3769616636a04c49888692d76a786ace','2026-11-29 07:41:03.628000','submitting','submitted','154f2fbe974545cc8c425fe75815ebd2','studio','job acme-6cfbcfff948c4e04',0);
INSERT INTO "events" VALUES(7,'de11ab4aba13419fb74b59a5457f1174','2026-11-29 07:41:03.640000','submitting','submitted','154f2fbe974545cc8c425fe75815ebd2','studio','job acme-bf988c685bd74ce1',0);
INSERT INTO "events" VALUES(8,'3769616636a04c49888692d76a786ace','2026-11-29 07:41:03.845000','submitted','generated','154f2fbe974545cc8c425fe75815ebd2','studio','cost $0.40',0);
INSERT INTO "events" VALUES(9,'de11ab4aba13419fb74b59a5457f1174','2026-11-29 07:41:03.866000','submitted','generated','154f2fbe974545cc8c425fe75815ebd2','studio','cost $0.40',0);
INSERT INTO "events" VALUES(10,'3769616636a04c49888692d76a786ace','2026-11-29 07:41:04.424000','generated','done','154f2fbe974545cc8c425fe75815ebd2','studio','clip 2bdd0d0b7aa2e4d672e4ec597b93b6a38ea110a996ec76ba03008794b363d066',0);
INSERT INTO "events" VALUES(11,'3769616636a04c49888692d76a786ace','2026-11-29 07:41:04.424000','done','done','154f2fbe974545cc8c425fe75815ebd2','studio','circled for e01/pier/010',0);
INSERT INTO "events" VALUES(12,'de11ab4aba13419fb74b59a5457f1174','2026-11-29 07:41:04.461000','generated','done','154f2fbe974545cc8c425fe75815ebd2','studio','clip a21a6e935c68e3b276ed86c48255221de6f8ed6a9db9584b2906be03f6c6a1c6',0);
INSERT INTO "events" VALUES(13,'de11ab4aba13419fb74b59a5457f1174','2026-11-29 07:41:04.461000','done','done','154f2fbe974545cc8c425fe75815ebd2','studio','circled for e01/sea/010',0);
INSERT INTO "events" VALUES(14,'c5d0742e4c4a4542900ebed3ca9f816d','2026-11-29 07:41:04.617000','planned','submitting','154f2fbe974545cc8c425fe75815ebd2','studio','claimed by vm_24476_db2a226e, $0.40 reserved',0);
INSERT INTO "events" VALUES(15,'c5d0742e4c4a4542900ebed3ca9f816d','2026-11-29 07:41:04.659000','submitting','submitted','154f2fbe974545cc8c425fe75815ebd2','studio','job acme-73b62909af534cd5',0);
INSERT INTO "events" VALUES(16,'c5d0742e4c4a4542900ebed3ca9f816d','2026-11-29 07:41:04.895000','submitted','generated','154f2fbe974545cc8c425fe75815ebd2','studio','cost $0.40',0);
INSERT INTO "events" VALUES(17,'c5d0742e4c4a4542900ebed3ca9f816d','2026-11-29 07:41:04.980000','generated','done','154f2fbe974545cc8c425fe75815ebd2','studio','clip 7d156844ecd3c4848b8de53036b992f54cca91bc0c2071d0b06e6c7613d4c7ca',0);
INSERT INTO "events" VALUES(18,'c5d0742e4c4a4542900ebed3ca9f816d','2026-11-29 07:41:04.980000','done','done','154f2fbe974545cc8c425fe75815ebd2','studio','circled for e01/pier/020',0);
INSERT INTO "events" VALUES(19,'d1c6efb931e44eca8dd0b74450e769ef','2026-11-29 07:41:05.681000',NULL,'planned','605db566456d4b50a3561f100029bb97','studio','opened',0);
INSERT INTO "events" VALUES(20,'ea3e959df7634399b97f5acf2b6ba3a9','2026-11-29 07:41:05.681000',NULL,'planned','605db566456d4b50a3561f100029bb97','studio','opened',0);
INSERT INTO "events" VALUES(21,'4b53fcaecd6f4ed2b3d50001afceb7ce','2026-11-29 07:41:05.681000',NULL,'planned','605db566456d4b50a3561f100029bb97','studio','opened',0);
INSERT INTO "events" VALUES(22,'d1c6efb931e44eca8dd0b74450e769ef','2026-11-29 07:41:05.708000','planned','submitting','605db566456d4b50a3561f100029bb97','studio','claimed by vm_24476_1e2c3aff, $0.40 reserved',0);
INSERT INTO "events" VALUES(23,'4b53fcaecd6f4ed2b3d50001afceb7ce','2026-11-29 07:41:05.727000','planned','submitting','605db566456d4b50a3561f100029bb97','studio','claimed by vm_24476_1e2c3aff, $0.40 reserved',0);
INSERT INTO "events" VALUES(24,'d1c6efb931e44eca8dd0b74450e769ef','2026-11-29 07:41:05.745000','submitting','submitted','605db566456d4b50a3561f100029bb97','studio','job acme-b535fe298559466a',0);
INSERT INTO "events" VALUES(25,'4b53fcaecd6f4ed2b3d50001afceb7ce','2026-11-29 07:41:05.764000','submitting','submitted','605db566456d4b50a3561f100029bb97','studio','job acme-8db843ae6d624d5e',0);
INSERT INTO "events" VALUES(26,'d1c6efb931e44eca8dd0b74450e769ef','2026-11-29 07:41:05.975000','submitted','generated','605db566456d4b50a3561f100029bb97','studio','cost $0.40',0);
INSERT INTO "events" VALUES(27,'4b53fcaecd6f4ed2b3d50001afceb7ce','2026-11-29 07:41:06.027000','submitted','generated','605db566456d4b50a3561f100029bb97','studio','cost $0.40',0);
INSERT INTO "events" VALUES(28,'d1c6efb931e44eca8dd0b74450e769ef','2026-11-29 07:41:06.652000','generated','done','605db566456d4b50a3561f100029bb97','studio','clip a46ca0b260db7ac2ded2a3f76631e10f6af1c8cca87b85acaead79efda840ea5',0);
INSERT INTO "events" VALUES(29,'d1c6efb931e44eca8dd0b74450e769ef','2026-11-29 07:41:06.652000','done','done','605db566456d4b50a3561f100029bb97','studio','circled for e01/pier/010',0);
INSERT INTO "events" VALUES(30,'4b53fcaecd6f4ed2b3d50001afceb7ce','2026-11-29 07:41:06.679000','generated','done','605db566456d4b50a3561f100029bb97','studio','clip 23008bfd82c3668f11781f132d21e0b0681d6fac4ba0e618755dfb000acc7bfd',0);
INSERT INTO "events" VALUES(31,'4b53fcaecd6f4ed2b3d50001afceb7ce','2026-11-29 07:41:06.679000','done','done','605db566456d4b50a3561f100029bb97','studio','circled for e01/sea/010',0);
INSERT INTO "events" VALUES(32,'ea3e959df7634399b97f5acf2b6ba3a9','2026-11-29 07:41:06.916000','planned','submitting','605db566456d4b50a3561f100029bb97','studio','claimed by vm_24476_1e2c3aff, $0.40 reserved',0);
INSERT INTO "events" VALUES(33,'ea3e959df7634399b97f5acf2b6ba3a9','2026-11-29 07:41:06.936000','submitting','submitted','605db566456d4b50a3561f100029bb97','studio','job acme-a8a0949a1e444dac',0);
INSERT INTO "events" VALUES(34,'ea3e959df7634399b97f5acf2b6ba3a9','2026-11-29 07:41:07.168000','submitted','generated','605db566456d4b50a3561f100029bb97','studio','cost $0.40',0);
INSERT INTO "events" VALUES(35,'ea3e959df7634399b97f5acf2b6ba3a9','2026-11-29 07:41:07.275000','generated','done','605db566456d4b50a3561f100029bb97','studio','clip 1b74688506c263b839f32ec21b9fbd769ec9380a3d24cab2ce10758dd8a1e1ca',0);
INSERT INTO "events" VALUES(36,'ea3e959df7634399b97f5acf2b6ba3a9','2026-11-29 07:41:07.275000','done','done','605db566456d4b50a3561f100029bb97','studio','circled for e01/pier/020',0);
INSERT INTO "events" VALUES(37,'ab6d1760edcb45058ebb5ffab7b70361','2026-11-29 07:41:07.993000',NULL,'planned','2387ba95cd2d42e1a45824e8e433bae7','studio','opened',0);
INSERT INTO "events" VALUES(38,'ab6d1760edcb45058ebb5ffab7b70361','2026-11-29 07:41:08.004000','planned','submitting','2387ba95cd2d42e1a45824e8e433bae7','studio','claimed by ann, $1.00 reserved',0);
INSERT INTO "events" VALUES(39,'ab6d1760edcb45058ebb5ffab7b70361','2026-11-29 07:41:08.019000','submitting','submitted','2387ba95cd2d42e1a45824e8e433bae7','studio','job job-a1',0);
INSERT INTO "events" VALUES(40,'ab6d1760edcb45058ebb5ffab7b70361','2026-11-29 07:41:08.023000','submitted','generated','2387ba95cd2d42e1a45824e8e433bae7','studio','cost $1.00',0);
INSERT INTO "events" VALUES(41,'ab6d1760edcb45058ebb5ffab7b70361','2026-11-29 07:41:08.033000','generated','done','2387ba95cd2d42e1a45824e8e433bae7','studio','clip f55ff16f66f43360266b95db6f8fec01d76031054306ae4a4b380598f6cfd114',0);
INSERT INTO "events" VALUES(42,'ab6d1760edcb45058ebb5ffab7b70361','2026-11-29 07:41:08.033000','done','done','2387ba95cd2d42e1a45824e8e433bae7','studio','circled for e01/lamp/010',0);
INSERT INTO "events" VALUES(43,'a6a5d0b9ab004a96a4ae0b6f55d24c98','2026-11-29 07:41:08.041000',NULL,'planned','2387ba95cd2d42e1a45824e8e433bae7','studio','opened',0);
INSERT INTO "events" VALUES(44,'a6a5d0b9ab004a96a4ae0b6f55d24c98','2026-11-29 07:41:08.046000','planned','submitting','2387ba95cd2d42e1a45824e8e433bae7','studio','claimed by ann, $1.00 reserved',0);
INSERT INTO "events" VALUES(45,'a6a5d0b9ab004a96a4ae0b6f55d24c98','2026-11-29 07:41:08.055000','submitting','submitted','2387ba95cd2d42e1a45824e8e433bae7','studio','job job-a2',0);
INSERT INTO "events" VALUES(46,'a6a5d0b9ab004a96a4ae0b6f55d24c98','2026-11-29 07:41:08.058000','submitted','failed','2387ba95cd2d42e1a45824e8e433bae7','studio','it broke',0);
INSERT INTO "events" VALUES(47,'a44808cb5906461ca356fd03210fb90f','2026-11-29 07:41:08.065000',NULL,'planned','2387ba95cd2d42e1a45824e8e433bae7','studio','opened',0);
INSERT INTO "events" VALUES(48,'a44808cb5906461ca356fd03210fb90f','2026-11-29 07:41:08.069000','planned','submitting','2387ba95cd2d42e1a45824e8e433bae7','studio','claimed by ann, $1.00 reserved',0);
INSERT INTO "events" VALUES(49,'a44808cb5906461ca356fd03210fb90f','2026-11-29 07:41:08.077000','submitting','unknown','2387ba95cd2d42e1a45824e8e433bae7','studio','the connection broke',0);
INSERT INTO "events" VALUES(50,'c57de4bf0ec34ed39b37025cb5173d38','2026-11-29 07:41:08.081000',NULL,'planned','2387ba95cd2d42e1a45824e8e433bae7','studio','opened',0);
INSERT INTO "events" VALUES(51,'c57de4bf0ec34ed39b37025cb5173d38','2026-11-29 07:41:08.086000','planned','submitting','2387ba95cd2d42e1a45824e8e433bae7','studio','claimed by ann, $1.00 reserved',0);
INSERT INTO "events" VALUES(52,'c57de4bf0ec34ed39b37025cb5173d38','2026-11-29 07:41:08.095000','submitting','submitted','2387ba95cd2d42e1a45824e8e433bae7','studio','job job-a4',0);
INSERT INTO "events" VALUES(53,'1ebbe898bc924006974119fc8a4bc2bf','2026-11-29 07:41:08.099000',NULL,'planned','2387ba95cd2d42e1a45824e8e433bae7','studio','opened',0);
INSERT INTO "events" VALUES(54,'1ebbe898bc924006974119fc8a4bc2bf','2026-11-29 07:41:08.103000','planned','submitting','2387ba95cd2d42e1a45824e8e433bae7','studio','claimed by ann, $1.00 reserved',0);
INSERT INTO "events" VALUES(55,'1ebbe898bc924006974119fc8a4bc2bf','2026-11-29 07:41:08.112000','submitting','submitted','2387ba95cd2d42e1a45824e8e433bae7','studio','job job-a5',0);
INSERT INTO "events" VALUES(56,'1ebbe898bc924006974119fc8a4bc2bf','2026-11-29 07:41:08.116000','submitted','generated','2387ba95cd2d42e1a45824e8e433bae7','studio','cost $1.00',0);
INSERT INTO "events" VALUES(57,'e3ac682cf0f74668854069969573de2a','2026-11-29 07:41:08.123000',NULL,'planned','2387ba95cd2d42e1a45824e8e433bae7','studio','opened',0);
INSERT INTO "events" VALUES(58,'e3ac682cf0f74668854069969573de2a','2026-11-29 07:41:08.128000','planned','submitting','2387ba95cd2d42e1a45824e8e433bae7','studio','claimed by ann, $1.00 reserved',0);
INSERT INTO "events" VALUES(59,'b170aed2db074a1d898a7b6c329109d4','2026-11-29 07:41:08.134000',NULL,'planned','2387ba95cd2d42e1a45824e8e433bae7','studio','opened',0);
INSERT INTO "events" VALUES(60,'da2b2d3ccfb14ba787d82d6c9fc9f87f','2026-11-29 07:41:08.139000',NULL,'planned','2387ba95cd2d42e1a45824e8e433bae7','studio','opened',0);
INSERT INTO "events" VALUES(61,'da2b2d3ccfb14ba787d82d6c9fc9f87f','2026-11-29 07:41:08.144000','planned','submitting','2387ba95cd2d42e1a45824e8e433bae7','studio','claimed by ann, $1.00 reserved',0);
INSERT INTO "events" VALUES(62,'da2b2d3ccfb14ba787d82d6c9fc9f87f','2026-11-29 07:41:08.154000','submitting','submitted','2387ba95cd2d42e1a45824e8e433bae7','studio','job job-b1',0);
INSERT INTO "events" VALUES(63,'da2b2d3ccfb14ba787d82d6c9fc9f87f','2026-11-29 07:41:08.157000','submitted','generated','2387ba95cd2d42e1a45824e8e433bae7','studio','cost $1.00',0);
INSERT INTO "events" VALUES(64,'da2b2d3ccfb14ba787d82d6c9fc9f87f','2026-11-29 07:41:08.164000','generated','done','2387ba95cd2d42e1a45824e8e433bae7','studio','clip f55ff16f66f43360266b95db6f8fec01d76031054306ae4a4b380598f6cfd114',0);
INSERT INTO "events" VALUES(65,'5ca4332431bb42108611f58012e4ac33','2026-11-29 07:41:08.169000',NULL,'planned','2387ba95cd2d42e1a45824e8e433bae7','studio','opened',0);
INSERT INTO "events" VALUES(66,'5ca4332431bb42108611f58012e4ac33','2026-11-29 07:41:08.174000','planned','submitting','2387ba95cd2d42e1a45824e8e433bae7','studio','claimed by ann, $1.00 reserved',0);
INSERT INTO "events" VALUES(67,'5ca4332431bb42108611f58012e4ac33','2026-11-29 07:41:08.184000','submitting','submitted','2387ba95cd2d42e1a45824e8e433bae7','studio','job job-b4',0);
INSERT INTO "events" VALUES(68,'db0edf9ea14d4aed8c338567f8dd97dd','2026-11-29 07:41:08.187000',NULL,'planned','2387ba95cd2d42e1a45824e8e433bae7','studio','opened',0);
INSERT INTO "events" VALUES(69,'db0edf9ea14d4aed8c338567f8dd97dd','2026-11-29 07:41:08.192000','planned','submitting','2387ba95cd2d42e1a45824e8e433bae7','studio','claimed by ann, $1.00 reserved',0);
INSERT INTO "events" VALUES(70,'db0edf9ea14d4aed8c338567f8dd97dd','2026-11-29 07:41:08.202000','submitting','submitted','2387ba95cd2d42e1a45824e8e433bae7','studio','job job-b3',0);
INSERT INTO "events" VALUES(71,'db0edf9ea14d4aed8c338567f8dd97dd','2026-11-29 07:41:08.205000','submitted','generated','2387ba95cd2d42e1a45824e8e433bae7','studio','cost $1.00',0);
INSERT INTO "events" VALUES(72,'db0edf9ea14d4aed8c338567f8dd97dd','2026-11-29 07:41:08.212000','generated','done','2387ba95cd2d42e1a45824e8e433bae7','studio','clip f46dd28a5499d8efef0b8fb8ee1ec1c5a5e407c9381741d576ba8deb4f59ec3f',0);
INSERT INTO "events" VALUES(73,'db0edf9ea14d4aed8c338567f8dd97dd','2026-11-29 07:41:08.212000','done','done','2387ba95cd2d42e1a45824e8e433bae7','studio','circled for e01/lamp/030',0);
INSERT INTO "events" VALUES(74,'abc17869255d45d5bba48a530e2751c7','2026-11-29 07:41:08.217000',NULL,'planned','2387ba95cd2d42e1a45824e8e433bae7','studio','opened',0);
INSERT INTO "events" VALUES(75,'abc17869255d45d5bba48a530e2751c7','2026-11-29 07:41:08.222000','planned','submitting','2387ba95cd2d42e1a45824e8e433bae7','studio','claimed by ann, $1.00 reserved',0);
INSERT INTO "events" VALUES(76,'abc17869255d45d5bba48a530e2751c7','2026-11-29 07:41:08.231000','submitting','submitted','2387ba95cd2d42e1a45824e8e433bae7','studio','job job-twice',0);
INSERT INTO "events" VALUES(77,'abc17869255d45d5bba48a530e2751c7','2026-11-29 07:41:08.234000','submitted','generated','2387ba95cd2d42e1a45824e8e433bae7','studio','cost $1.00',0);
INSERT INTO "events" VALUES(78,'abc17869255d45d5bba48a530e2751c7','2026-11-29 07:41:08.241000','generated','done','2387ba95cd2d42e1a45824e8e433bae7','studio','clip d0f631ca1ddba8db3bcfcb9e057cdc98d0379f1bee00e75a545147a27dadd982',0);
INSERT INTO "events" VALUES(79,'abc17869255d45d5bba48a530e2751c7','2026-11-29 07:41:08.241000','done','done','2387ba95cd2d42e1a45824e8e433bae7','studio','circled for e01/shore/010',0);
INSERT INTO "events" VALUES(80,'bcf48f4ba5364e87b50a8100067db108','2026-11-29 07:41:08.251000',NULL,'planned','2387ba95cd2d42e1a45824e8e433bae7','studio','opened',0);
INSERT INTO "events" VALUES(81,'bcf48f4ba5364e87b50a8100067db108','2026-11-29 07:41:08.256000','planned','submitting','2387ba95cd2d42e1a45824e8e433bae7','studio','claimed by ann, $1.00 reserved',0);
INSERT INTO "events" VALUES(82,'bcf48f4ba5364e87b50a8100067db108','2026-11-29 07:41:08.265000','submitting','submitted','2387ba95cd2d42e1a45824e8e433bae7','studio','job job-twice',0);
INSERT INTO "events" VALUES(83,'c1a35ded77674496bc19db998f107e2b','2026-11-29 07:41:08.269000',NULL,'planned','2387ba95cd2d42e1a45824e8e433bae7','studio','opened',0);
INSERT INTO "events" VALUES(84,'c1a35ded77674496bc19db998f107e2b','2026-11-29 07:41:08.275000','planned','cancelled','2387ba95cd2d42e1a45824e8e433bae7','studio','take ab6d1760edcb45058ebb5ffab7b70361 already stands for this very order',0);
INSERT INTO "events" VALUES(85,'da2b2d3ccfb14ba787d82d6c9fc9f87f','2026-11-29 07:41:08.281000','done','done','2387ba95cd2d42e1a45824e8e433bae7','studio','circled for e01/lamp/010 by a person',0);
INSERT INTO "events" VALUES(86,'d9579c510129460ea9b1bcd5eed92d81','2026-11-29 07:41:08.286000',NULL,'planned','2387ba95cd2d42e1a45824e8e433bae7','studio','opened',0);
INSERT INTO "events" VALUES(87,'d9579c510129460ea9b1bcd5eed92d81','2026-11-29 07:41:08.290000','planned','submitting','2387ba95cd2d42e1a45824e8e433bae7','studio','claimed by ann, $1.00 reserved',0);
INSERT INTO "events" VALUES(88,'87d7da3845b9425b86c56c3c0bb806dc','2026-11-29 07:41:08.298000',NULL,'planned','2387ba95cd2d42e1a45824e8e433bae7','studio','opened',0);
INSERT INTO "events" VALUES(89,'87d7da3845b9425b86c56c3c0bb806dc','2026-11-29 07:41:08.303000','planned','submitting','2387ba95cd2d42e1a45824e8e433bae7','studio','claimed by ann, $1.00 reserved',0);
INSERT INTO "events" VALUES(90,'87d7da3845b9425b86c56c3c0bb806dc','2026-11-29 07:41:08.309000','submitting','submitted','2387ba95cd2d42e1a45824e8e433bae7','studio','job job-c4',0);
INSERT INTO "events" VALUES(91,'87d7da3845b9425b86c56c3c0bb806dc','2026-11-29 07:41:08.312000','submitted','generated','2387ba95cd2d42e1a45824e8e433bae7','studio','take 1 of e01/shore/040 cost $3.00, more than the $1.00 reserved for it',1);
INSERT INTO "events" VALUES(92,'87d7da3845b9425b86c56c3c0bb806dc','2026-11-29 07:41:08.318000','generated','done','2387ba95cd2d42e1a45824e8e433bae7','studio','clip 0012a3fa000c5dc26ee658c3c58e12cecd58d6455cec3d5621f0c787675b38aa',0);
INSERT INTO "events" VALUES(93,'87d7da3845b9425b86c56c3c0bb806dc','2026-11-29 07:41:08.318000','done','done','2387ba95cd2d42e1a45824e8e433bae7','studio','circled for e01/shore/040',0);
INSERT INTO "events" VALUES(94,'91385aad6b9144d1be9e1c483430bd44','2026-11-29 07:41:08.324000',NULL,'planned','2387ba95cd2d42e1a45824e8e433bae7','studio','opened',0);
INSERT INTO "events" VALUES(95,'91385aad6b9144d1be9e1c483430bd44','2026-11-29 07:41:08.328000','planned','submitting','2387ba95cd2d42e1a45824e8e433bae7','studio','claimed by ann, $1.00 reserved',0);
INSERT INTO "events" VALUES(96,'91385aad6b9144d1be9e1c483430bd44','2026-11-29 07:41:08.335000','submitting','submitted','2387ba95cd2d42e1a45824e8e433bae7','studio','job job-c5',0);
INSERT INTO "events" VALUES(97,'91385aad6b9144d1be9e1c483430bd44','2026-11-29 07:41:08.338000','submitted','generated','2387ba95cd2d42e1a45824e8e433bae7','studio','take 1 of e01/shore/050 cost $2.50, more than the $1.00 reserved for it',1);
INSERT INTO "events" VALUES(98,'91385aad6b9144d1be9e1c483430bd44','2026-11-29 07:41:08.343000','generated','done','2387ba95cd2d42e1a45824e8e433bae7','studio','clip d0bf3e6ee1d668de18c9ca200a4f152062f345283ee68cadfe41204f215d75e9',0);
INSERT INTO "events" VALUES(99,'91385aad6b9144d1be9e1c483430bd44','2026-11-29 07:41:08.343000','done','done','2387ba95cd2d42e1a45824e8e433bae7','studio','circled for e01/shore/050',0);
INSERT INTO "events" VALUES(100,'d5958afdb5614d41952e223e77860dc5','2026-11-29 07:41:08.347000',NULL,'planned','2387ba95cd2d42e1a45824e8e433bae7','studio','opened',0);
INSERT INTO "events" VALUES(101,'d5958afdb5614d41952e223e77860dc5','2026-11-29 07:41:08.351000','planned','submitting','2387ba95cd2d42e1a45824e8e433bae7','studio','claimed by ann, $1.00 reserved',0);
INSERT INTO "events" VALUES(102,'d5958afdb5614d41952e223e77860dc5','2026-11-29 07:41:08.360000','submitting','submitted','2387ba95cd2d42e1a45824e8e433bae7','studio','job job-e1',0);
INSERT INTO "events" VALUES(103,'d5958afdb5614d41952e223e77860dc5','2026-11-29 07:41:08.363000','submitted','generated','2387ba95cd2d42e1a45824e8e433bae7','studio','cost $1.00',0);
INSERT INTO "events" VALUES(104,'d5958afdb5614d41952e223e77860dc5','2026-11-29 07:41:08.370000','generated','done','2387ba95cd2d42e1a45824e8e433bae7','studio','clip 8b5cc4df7eec7d32a7814eca4af047ae33b2d52342667715682e19c25b0b9faa',0);
INSERT INTO "events" VALUES(105,'d5958afdb5614d41952e223e77860dc5','2026-11-29 07:41:08.370000','done','done','2387ba95cd2d42e1a45824e8e433bae7','studio','circled for e01/night/020',0);
INSERT INTO "events" VALUES(106,'b8eaa95e348044bea7e3933e5e148578','2026-11-29 07:41:08.376000',NULL,'planned','2387ba95cd2d42e1a45824e8e433bae7','studio','opened',0);
INSERT INTO "events" VALUES(107,'b8eaa95e348044bea7e3933e5e148578','2026-11-29 07:41:08.382000','planned','submitting','2387ba95cd2d42e1a45824e8e433bae7','studio','claimed by ann, $1.00 reserved',0);
INSERT INTO "events" VALUES(108,'b8eaa95e348044bea7e3933e5e148578','2026-11-29 07:41:08.390000','submitting','submitted','2387ba95cd2d42e1a45824e8e433bae7','studio','job job-e2',0);
INSERT INTO "events" VALUES(109,'b8eaa95e348044bea7e3933e5e148578','2026-11-29 07:41:08.394000','submitted','generated','2387ba95cd2d42e1a45824e8e433bae7','studio','cost $1.00',0);
INSERT INTO "events" VALUES(110,'b8eaa95e348044bea7e3933e5e148578','2026-11-29 07:41:08.400000','generated','done','2387ba95cd2d42e1a45824e8e433bae7','studio','clip ac0f09c0f8bf5e7a4b063d863255f16d8ce9abe600e288d934cf313bcbff63eb',0);
INSERT INTO "events" VALUES(111,'b8eaa95e348044bea7e3933e5e148578','2026-11-29 07:41:08.400000','done','done','2387ba95cd2d42e1a45824e8e433bae7','studio','circled for e01/night/030',0);
INSERT INTO "events" VALUES(112,'845dde9ddd544494a0727762f41896f9','2026-11-29 07:41:08.406000',NULL,'planned','2387ba95cd2d42e1a45824e8e433bae7','studio','opened',0);
INSERT INTO "events" VALUES(113,'845dde9ddd544494a0727762f41896f9','2026-11-29 07:41:08.411000','planned','submitting','2387ba95cd2d42e1a45824e8e433bae7','studio','claimed by ann, $1.00 reserved',0);
INSERT INTO "events" VALUES(114,'845dde9ddd544494a0727762f41896f9','2026-11-29 07:41:08.420000','submitting','submitted','2387ba95cd2d42e1a45824e8e433bae7','studio','job job-e3',0);
INSERT INTO "events" VALUES(115,'845dde9ddd544494a0727762f41896f9','2026-11-29 07:41:08.424000','submitted','generated','2387ba95cd2d42e1a45824e8e433bae7','studio','cost $0.00',0);
INSERT INTO "events" VALUES(116,'845dde9ddd544494a0727762f41896f9','2026-11-29 07:41:08.432000','generated','done','2387ba95cd2d42e1a45824e8e433bae7','studio','clip cef7fc13a38180936ffa2635489088778e059f07a5d1beda53f1719d35577631',0);
INSERT INTO "events" VALUES(117,'845dde9ddd544494a0727762f41896f9','2026-11-29 07:41:08.432000','done','done','2387ba95cd2d42e1a45824e8e433bae7','studio','circled for e01/night/040',0);
CREATE TABLE holds (
	series TEXT NOT NULL, 
	held_by TEXT NOT NULL, 
	why TEXT NOT NULL, 
	at DATETIME NOT NULL, 
	PRIMARY KEY (series)
);
INSERT INTO "holds" VALUES('lighthouse','ann','the script changes','2026-11-29 07:41:08.438000');
CREATE TABLE leases (
	take TEXT NOT NULL, 
	owner TEXT NOT NULL, 
	granted_at DATETIME NOT NULL, 
	expires_at DATETIME NOT NULL, 
	PRIMARY KEY (take), 
	FOREIGN KEY(take) REFERENCES takes (id)
);
INSERT INTO "leases" VALUES('a44808cb5906461ca356fd03210fb90f','ann','2026-11-29 07:41:08.069000','2026-11-29 07:42:08.069000');
INSERT INTO "leases" VALUES('e3ac682cf0f74668854069969573de2a','ann','2026-11-29 07:41:08.128000','2026-11-29 07:42:08.128000');
INSERT INTO "leases" VALUES('d9579c510129460ea9b1bcd5eed92d81','ann','2026-11-29 07:41:08.290000','2026-11-29 07:42:08.290000');
CREATE TABLE openings (
	id INTEGER NOT NULL, 
	run TEXT NOT NULL, 
	shot TEXT NOT NULL, 
	ordinal INTEGER NOT NULL, 
	take TEXT NOT NULL, 
	at DATETIME NOT NULL, 
	PRIMARY KEY (id), 
	CONSTRAINT uq_openings_run_shot_ordinal UNIQUE (run, shot, ordinal), 
	FOREIGN KEY(run) REFERENCES runs (id), 
	FOREIGN KEY(take) REFERENCES takes (id)
);
INSERT INTO "openings" VALUES(1,'154f2fbe974545cc8c425fe75815ebd2','e01/pier/010',0,'3769616636a04c49888692d76a786ace','2026-11-29 07:41:03.527000');
INSERT INTO "openings" VALUES(2,'154f2fbe974545cc8c425fe75815ebd2','e01/pier/020',0,'c5d0742e4c4a4542900ebed3ca9f816d','2026-11-29 07:41:03.527000');
INSERT INTO "openings" VALUES(3,'154f2fbe974545cc8c425fe75815ebd2','e01/sea/010',0,'de11ab4aba13419fb74b59a5457f1174','2026-11-29 07:41:03.527000');
INSERT INTO "openings" VALUES(4,'605db566456d4b50a3561f100029bb97','e01/pier/010',0,'d1c6efb931e44eca8dd0b74450e769ef','2026-11-29 07:41:05.681000');
INSERT INTO "openings" VALUES(5,'605db566456d4b50a3561f100029bb97','e01/pier/020',0,'ea3e959df7634399b97f5acf2b6ba3a9','2026-11-29 07:41:05.681000');
INSERT INTO "openings" VALUES(6,'605db566456d4b50a3561f100029bb97','e01/sea/010',0,'4b53fcaecd6f4ed2b3d50001afceb7ce','2026-11-29 07:41:05.681000');
INSERT INTO "openings" VALUES(7,'2387ba95cd2d42e1a45824e8e433bae7','e01/lamp/010',0,'ab6d1760edcb45058ebb5ffab7b70361','2026-11-29 07:41:07.993000');
INSERT INTO "openings" VALUES(8,'2387ba95cd2d42e1a45824e8e433bae7','e01/lamp/020',0,'a6a5d0b9ab004a96a4ae0b6f55d24c98','2026-11-29 07:41:08.041000');
INSERT INTO "openings" VALUES(9,'2387ba95cd2d42e1a45824e8e433bae7','e01/lamp/030',0,'a44808cb5906461ca356fd03210fb90f','2026-11-29 07:41:08.065000');
INSERT INTO "openings" VALUES(10,'2387ba95cd2d42e1a45824e8e433bae7','e01/lamp/040',0,'c57de4bf0ec34ed39b37025cb5173d38','2026-11-29 07:41:08.081000');
INSERT INTO "openings" VALUES(11,'2387ba95cd2d42e1a45824e8e433bae7','e01/lamp/050',0,'1ebbe898bc924006974119fc8a4bc2bf','2026-11-29 07:41:08.099000');
INSERT INTO "openings" VALUES(12,'2387ba95cd2d42e1a45824e8e433bae7','e01/lamp/060',0,'e3ac682cf0f74668854069969573de2a','2026-11-29 07:41:08.123000');
INSERT INTO "openings" VALUES(13,'2387ba95cd2d42e1a45824e8e433bae7','e01/lamp/070',0,'b170aed2db074a1d898a7b6c329109d4','2026-11-29 07:41:08.134000');
INSERT INTO "openings" VALUES(14,'2387ba95cd2d42e1a45824e8e433bae7','e01/lamp/010',1,'da2b2d3ccfb14ba787d82d6c9fc9f87f','2026-11-29 07:41:08.139000');
INSERT INTO "openings" VALUES(15,'2387ba95cd2d42e1a45824e8e433bae7','e01/lamp/040',1,'5ca4332431bb42108611f58012e4ac33','2026-11-29 07:41:08.169000');
INSERT INTO "openings" VALUES(16,'2387ba95cd2d42e1a45824e8e433bae7','e01/lamp/030',1,'db0edf9ea14d4aed8c338567f8dd97dd','2026-11-29 07:41:08.187000');
INSERT INTO "openings" VALUES(17,'2387ba95cd2d42e1a45824e8e433bae7','e01/shore/010',0,'abc17869255d45d5bba48a530e2751c7','2026-11-29 07:41:08.217000');
INSERT INTO "openings" VALUES(18,'2387ba95cd2d42e1a45824e8e433bae7','e01/shore/020',1,'bcf48f4ba5364e87b50a8100067db108','2026-11-29 07:41:08.251000');
INSERT INTO "openings" VALUES(19,'2387ba95cd2d42e1a45824e8e433bae7','e01/lamp/010',2,'ab6d1760edcb45058ebb5ffab7b70361','2026-11-29 07:41:08.269000');
INSERT INTO "openings" VALUES(20,'2387ba95cd2d42e1a45824e8e433bae7','e01/shore/030',0,'d9579c510129460ea9b1bcd5eed92d81','2026-11-29 07:41:08.286000');
INSERT INTO "openings" VALUES(21,'2387ba95cd2d42e1a45824e8e433bae7','e01/shore/040',1,'87d7da3845b9425b86c56c3c0bb806dc','2026-11-29 07:41:08.298000');
INSERT INTO "openings" VALUES(22,'2387ba95cd2d42e1a45824e8e433bae7','e01/shore/050',0,'91385aad6b9144d1be9e1c483430bd44','2026-11-29 07:41:08.324000');
INSERT INTO "openings" VALUES(23,'2387ba95cd2d42e1a45824e8e433bae7','e01/night/020',0,'d5958afdb5614d41952e223e77860dc5','2026-11-29 07:41:08.347000');
INSERT INTO "openings" VALUES(24,'2387ba95cd2d42e1a45824e8e433bae7','e01/night/030',0,'b8eaa95e348044bea7e3933e5e148578','2026-11-29 07:41:08.376000');
INSERT INTO "openings" VALUES(25,'2387ba95cd2d42e1a45824e8e433bae7','e01/night/040',0,'845dde9ddd544494a0727762f41896f9','2026-11-29 07:41:08.406000');
CREATE TABLE origins (
	origin TEXT NOT NULL, 
	stopped_why TEXT, 
	stopped_at DATETIME, 
	acknowledged_event INTEGER NOT NULL, 
	PRIMARY KEY (origin)
);
INSERT INTO "origins" VALUES('https://www.acme.example',NULL,NULL,93);
INSERT INTO "origins" VALUES('https://api.acme.example','take 1 of e01/shore/050 cost $2.50, more than the $1.00 reserved for it','2026-11-29 07:41:08.338000',0);
CREATE TABLE runs (
	id TEXT NOT NULL, 
	series TEXT NOT NULL, 
	episode TEXT NOT NULL, 
	snapshot TEXT NOT NULL, 
	host TEXT NOT NULL, 
	asked TEXT NOT NULL, 
	day_cap_micros BIGINT, 
	created_at DATETIME NOT NULL, 
	ended_at DATETIME, 
	PRIMARY KEY (id), 
	FOREIGN KEY(snapshot) REFERENCES snapshots (id)
);
INSERT INTO "runs" VALUES('154f2fbe974545cc8c425fe75815ebd2','harbour','e01','43dd5b23dc1630d333514282ecf73abcf147fd9cfaa11a2ea0061f6249d1356a','studio','',NULL,'2026-11-29 07:41:03.467000','2026-11-29 07:41:05.598000');
INSERT INTO "runs" VALUES('605db566456d4b50a3561f100029bb97','harbour','e01','43dd5b23dc1630d333514282ecf73abcf147fd9cfaa11a2ea0061f6249d1356a','studio','',NULL,'2026-11-29 07:41:05.647000','2026-11-29 07:41:07.965000');
INSERT INTO "runs" VALUES('2387ba95cd2d42e1a45824e8e433bae7','lighthouse','e01','snapshot','studio','',60000000,'2026-11-29 07:41:07.982000','2026-11-29 07:41:08.440000');
CREATE TABLE snapshots (
	id TEXT NOT NULL, 
	series TEXT NOT NULL, 
	at DATETIME NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "snapshots" VALUES('43dd5b23dc1630d333514282ecf73abcf147fd9cfaa11a2ea0061f6249d1356a','harbour','2026-11-29 07:41:03.464000');
INSERT INTO "snapshots" VALUES('snapshot','lighthouse','2026-11-29 07:41:07.982000');
CREATE TABLE takes (
	id TEXT NOT NULL, 
	series TEXT NOT NULL, 
	shot TEXT NOT NULL, 
	number INTEGER NOT NULL, 
	run TEXT NOT NULL, 
	ordinal INTEGER NOT NULL, 
	state TEXT NOT NULL, 
	wish TEXT NOT NULL, 
	variation INTEGER NOT NULL, 
	provider TEXT NOT NULL, 
	origin TEXT NOT NULL, 
	model TEXT NOT NULL, 
	asked_for BOOLEAN NOT NULL, 
	rejected BOOLEAN NOT NULL, 
	refused BOOLEAN NOT NULL, 
	fingerprint TEXT, 
	request_json TEXT, 
	continuity_clip TEXT, 
	continuity_frame INTEGER, 
	job_id TEXT, 
	rival TEXT, 
	estimate_micros BIGINT, 
	reserved_micros BIGINT NOT NULL, 
	cost_micros BIGINT, 
	usage TEXT NOT NULL, 
	charged_run TEXT, 
	charged_episode TEXT, 
	charged_day TEXT, 
	clip TEXT, 
	clip_url TEXT, 
	clip_url_expires_at DATETIME, 
	error_code TEXT, 
	error_message TEXT, 
	created_at DATETIME NOT NULL, 
	submitted_at DATETIME, 
	ended_at DATETIME, 
	PRIMARY KEY (id), 
	CONSTRAINT uq_takes_run_shot_ordinal UNIQUE (run, shot, ordinal), 
	CONSTRAINT uq_takes_series_shot_number UNIQUE (series, shot, number), 
	CONSTRAINT uq_takes_origin_job UNIQUE (origin, job_id), 
	CONSTRAINT ck_takes_reserved CHECK (reserved_micros >= 0), 
	CONSTRAINT ck_takes_job CHECK (state NOT IN ('submitted', 'generated') OR job_id IS NOT NULL), 
	CONSTRAINT ck_takes_fingerprint CHECK (state <> 'submitting' OR fingerprint IS NOT NULL), 
	CONSTRAINT ck_takes_clip CHECK (state <> 'done' OR clip IS NOT NULL), 
	FOREIGN KEY(run) REFERENCES runs (id), 
	FOREIGN KEY(rival) REFERENCES takes (id), 
	FOREIGN KEY(charged_run) REFERENCES runs (id)
);
INSERT INTO "takes" VALUES('3769616636a04c49888692d76a786ace','harbour','e01/pier/010',1,'154f2fbe974545cc8c425fe75815ebd2',0,'done','5482048bdd96f98bd13bfb30c2181ebe24a150c51b53313e0cbb5e0651c9c183',0,'acme','http://127.0.0.1','acme-1',0,0,0,'d7da185d06422a714dc3b7d39f462ebe4477f2b0838798421304efe76a977fac','{"series":"harbour","shot":"e01/pier/010","provider":"acme","origin":"http://127.0.0.1","model":"acme-1","mode":"reference","prompt":"Ines looks into the fog.\nThe action completes within 1 second.\nInes: a pilot of sixty, oilskin.","references":[],"duration_s":"1","billed_s":"4","resolution":"480p","aspect_ratio":"16:9","audio":true,"seed":null,"variation":0,"wish":"5482048bdd96f98bd13bfb30c2181ebe24a150c51b53313e0cbb5e0651c9c183","width":854,"height":480,"fps":"24","estimated_usd":"0.400000","dropped":[],"notes":["bought 4 s, used 1 s"],"slate":{"key":"pier/010","title":"pier","line":"","camera":"","beats":"[]"}}',NULL,NULL,'acme-6cfbcfff948c4e04',NULL,400000,0,400000,'$0.40','154f2fbe974545cc8c425fe75815ebd2','e01','2026-11-29','{"audio_s":"4.010667","bytes":1008749,"duration_s":"4.000000","fps":"24","frame_times_us":null,"frames":96,"height":480,"sha256":"2bdd0d0b7aa2e4d672e4ec597b93b6a38ea110a996ec76ba03008794b363d066","width":854}','http://127.0.0.1:46563/clips/acme-6cfbcfff948c4e04.mp4?signature=c5ebcb2b46b3453280eb4f0cdcdd80c6',NULL,NULL,NULL,'2026-11-29 07:41:03.527000','2026-11-29 07:41:03.553000','2026-11-29 07:41:04.424000');
INSERT INTO "takes" VALUES('c5d0742e4c4a4542900ebed3ca9f816d','harbour','e01/pier/020',1,'154f2fbe974545cc8c425fe75815ebd2',0,'done','d31d516e2faabee43c798506e43de0a2738365ce0626225f598f7e1fab31def0',0,'acme','http://127.0.0.1','acme-1',0,0,0,'eda90cda62c70df60757f0247c6d04c32a0c297312d74fb263b9adfb2abef366','{"series":"harbour","shot":"e01/pier/020","provider":"acme","origin":"http://127.0.0.1","model":"acme-1","mode":"reference","prompt":"Begin exactly on @image1, the last frame of the shot before.\nInes lights a lamp.\nThe action completes within 1 second.\nInes: a pilot of sixty, oilskin.","references":[{"token":"@image1","kind":"image","role":"continuity","name":"pier/010","source":"pier/010","sha256":"36673cc38d93eeb8daa41a4fbd90e0f151b72b9b49f9746f7ed9c8fcefd3e618","fit":null,"frame":{"clip_sha256":"2bdd0d0b7aa2e4d672e4ec597b93b6a38ea110a996ec76ba03008794b363d066","index":23}}],"duration_s":"1","billed_s":"4","resolution":"480p","aspect_ratio":"16:9","audio":true,"seed":null,"variation":0,"wish":"d31d516e2faabee43c798506e43de0a2738365ce0626225f598f7e1fab31def0","width":854,"height":480,"fps":"24","estimated_usd":"0.400000","dropped":[],"notes":["bought 4 s, used 1 s"],"slate":{"key":"pier/020","title":"pier","line":"","camera":"","beats":"[]"}}','2bdd0d0b7aa2e4d672e4ec597b93b6a38ea110a996ec76ba03008794b363d066',23,'acme-73b62909af534cd5',NULL,400000,0,400000,'$0.40','154f2fbe974545cc8c425fe75815ebd2','e01','2026-11-29','{"audio_s":"4.010667","bytes":1014288,"duration_s":"4.000000","fps":"24","frame_times_us":null,"frames":96,"height":480,"sha256":"7d156844ecd3c4848b8de53036b992f54cca91bc0c2071d0b06e6c7613d4c7ca","width":854}','http://127.0.0.1:46563/clips/acme-73b62909af534cd5.mp4?signature=57097d63e63441429935e5dceb0329f9',NULL,NULL,NULL,'2026-11-29 07:41:03.527000','2026-11-29 07:41:04.617000','2026-11-29 07:41:04.980000');
INSERT INTO "takes" VALUES('de11ab4aba13419fb74b59a5457f1174','harbour','e01/sea/010',1,'154f2fbe974545cc8c425fe75815ebd2',0,'done','f074400c82706fb23ef5ce59b862043d6e4bd7ced0ddbea66b230b2dabf30750',0,'acme','http://127.0.0.1','acme-1',0,0,0,'9ee3c6efce94d2e06451537cc25d94cef57a5e7ac3336f9d5786b5b79f2802fa','{"series":"harbour","shot":"e01/sea/010","provider":"acme","origin":"http://127.0.0.1","model":"acme-1","mode":"reference","prompt":"a boat drifts.\nThe action completes within 1 second.","references":[],"duration_s":"1","billed_s":"4","resolution":"480p","aspect_ratio":"16:9","audio":true,"seed":null,"variation":0,"wish":"f074400c82706fb23ef5ce59b862043d6e4bd7ced0ddbea66b230b2dabf30750","width":854,"height":480,"fps":"24","estimated_usd":"0.400000","dropped":[],"notes":["bought 4 s, used 1 s"],"slate":{"key":"sea/010","title":"sea","line":"","camera":"","beats":"[]"}}',NULL,NULL,'acme-bf988c685bd74ce1',NULL,400000,0,400000,'$0.40','154f2fbe974545cc8c425fe75815ebd2','e01','2026-11-29','{"audio_s":"4.010667","bytes":1014288,"duration_s":"4.000000","fps":"24","frame_times_us":null,"frames":96,"height":480,"sha256":"a21a6e935c68e3b276ed86c48255221de6f8ed6a9db9584b2906be03f6c6a1c6","width":854}','http://127.0.0.1:46563/clips/acme-bf988c685bd74ce1.mp4?signature=4a1017474e1a4dde8cdb801ad13f112a',NULL,NULL,NULL,'2026-11-29 07:41:03.527000','2026-11-29 07:41:03.583000','2026-11-29 07:41:04.461000');
INSERT INTO "takes" VALUES('d1c6efb931e44eca8dd0b74450e769ef','harbour','e01/pier/010',2,'605db566456d4b50a3561f100029bb97',0,'done','5482048bdd96f98bd13bfb30c2181ebe24a150c51b53313e0cbb5e0651c9c183',0,'acme','http://localhost','acme-1',0,0,0,'d7da185d06422a714dc3b7d39f462ebe4477f2b0838798421304efe76a977fac','{"series":"harbour","shot":"e01/pier/010","provider":"acme","origin":"http://localhost","model":"acme-1","mode":"reference","prompt":"Ines looks into the fog.\nThe action completes within 1 second.\nInes: a pilot of sixty, oilskin.","references":[],"duration_s":"1","billed_s":"4","resolution":"480p","aspect_ratio":"16:9","audio":true,"seed":null,"variation":0,"wish":"5482048bdd96f98bd13bfb30c2181ebe24a150c51b53313e0cbb5e0651c9c183","width":854,"height":480,"fps":"24","estimated_usd":"0.400000","dropped":[],"notes":["bought 4 s, used 1 s"],"slate":{"key":"pier/010","title":"pier","line":"","camera":"","beats":"[]"}}',NULL,NULL,'acme-b535fe298559466a',NULL,400000,0,400000,'$0.40','605db566456d4b50a3561f100029bb97','e01','2026-11-29','{"audio_s":"4.010667","bytes":1008708,"duration_s":"4.000000","fps":"24","frame_times_us":null,"frames":96,"height":480,"sha256":"a46ca0b260db7ac2ded2a3f76631e10f6af1c8cca87b85acaead79efda840ea5","width":854}','http://localhost:46563/clips/acme-b535fe298559466a.mp4?signature=c39d4b976a9445709dd773b2fda2160a',NULL,NULL,NULL,'2026-11-29 07:41:05.681000','2026-11-29 07:41:05.708000','2026-11-29 07:41:06.652000');
INSERT INTO "takes" VALUES('ea3e959df7634399b97f5acf2b6ba3a9','harbour','e01/pier/020',2,'605db566456d4b50a3561f100029bb97',0,'done','d31d516e2faabee43c798506e43de0a2738365ce0626225f598f7e1fab31def0',0,'acme','http://localhost','acme-1',0,0,0,'308b10517868e2e0546944584ce64a5e01e01db6a27d399cf07f5bdd3666eedf','{"series":"harbour","shot":"e01/pier/020","provider":"acme","origin":"http://localhost","model":"acme-1","mode":"reference","prompt":"Begin exactly on @image1, the last frame of the shot before.\nInes lights a lamp.\nThe action completes within 1 second.\nInes: a pilot of sixty, oilskin.","references":[{"token":"@image1","kind":"image","role":"continuity","name":"pier/010","source":"pier/010","sha256":"e6e00c1092318422ffff15c8716d6d9a67dd999ccbce50faef041e82128a8639","fit":null,"frame":{"clip_sha256":"a46ca0b260db7ac2ded2a3f76631e10f6af1c8cca87b85acaead79efda840ea5","index":23}}],"duration_s":"1","billed_s":"4","resolution":"480p","aspect_ratio":"16:9","audio":true,"seed":null,"variation":0,"wish":"d31d516e2faabee43c798506e43de0a2738365ce0626225f598f7e1fab31def0","width":854,"height":480,"fps":"24","estimated_usd":"0.400000","dropped":[],"notes":["bought 4 s, used 1 s"],"slate":{"key":"pier/020","title":"pier","line":"","camera":"","beats":"[]"}}','a46ca0b260db7ac2ded2a3f76631e10f6af1c8cca87b85acaead79efda840ea5',23,'acme-a8a0949a1e444dac',NULL,400000,0,400000,'$0.40','605db566456d4b50a3561f100029bb97','e01','2026-11-29','{"audio_s":"4.010667","bytes":1014288,"duration_s":"4.000000","fps":"24","frame_times_us":null,"frames":96,"height":480,"sha256":"1b74688506c263b839f32ec21b9fbd769ec9380a3d24cab2ce10758dd8a1e1ca","width":854}','http://localhost:46563/clips/acme-a8a0949a1e444dac.mp4?signature=b06e98548b4847c797b12cbe0a3ca756',NULL,NULL,NULL,'2026-11-29 07:41:05.681000','2026-11-29 07:41:06.916000','2026-11-29 07:41:07.275000');
INSERT INTO "takes" VALUES('4b53fcaecd6f4ed2b3d50001afceb7ce','harbour','e01/sea/010',2,'605db566456d4b50a3561f100029bb97',0,'done','f074400c82706fb23ef5ce59b862043d6e4bd7ced0ddbea66b230b2dabf30750',0,'acme','http://localhost','acme-1',0,0,0,'9ee3c6efce94d2e06451537cc25d94cef57a5e7ac3336f9d5786b5b79f2802fa','{"series":"harbour","shot":"e01/sea/010","provider":"acme","origin":"http://localhost","model":"acme-1","mode":"reference","prompt":"a boat drifts.\nThe action completes within 1 second.","references":[],"duration_s":"1","billed_s":"4","resolution":"480p","aspect_ratio":"16:9","audio":true,"seed":null,"variation":0,"wish":"f074400c82706fb23ef5ce59b862043d6e4bd7ced0ddbea66b230b2dabf30750","width":854,"height":480,"fps":"24","estimated_usd":"0.400000","dropped":[],"notes":["bought 4 s, used 1 s"],"slate":{"key":"sea/010","title":"sea","line":"","camera":"","beats":"[]"}}',NULL,NULL,'acme-8db843ae6d624d5e',NULL,400000,0,400000,'$0.40','605db566456d4b50a3561f100029bb97','e01','2026-11-29','{"audio_s":"4.010667","bytes":937712,"duration_s":"4.000000","fps":"24","frame_times_us":null,"frames":96,"height":480,"sha256":"23008bfd82c3668f11781f132d21e0b0681d6fac4ba0e618755dfb000acc7bfd","width":854}','http://localhost:46563/clips/acme-8db843ae6d624d5e.mp4?signature=c28fe04df6dd45c0944af9f9a94cea5d',NULL,NULL,NULL,'2026-11-29 07:41:05.681000','2026-11-29 07:41:05.727000','2026-11-29 07:41:06.679000');
INSERT INTO "takes" VALUES('ab6d1760edcb45058ebb5ffab7b70361','lighthouse','e01/lamp/010',1,'2387ba95cd2d42e1a45824e8e433bae7',0,'done','wish of e01/lamp/010',0,'acme','https://api.acme.example','acme-1',0,0,0,'00000000000000000000000000000000000000000000000000000000000000a1','{"prompt": "a lamp"}',NULL,NULL,'job-a1',NULL,1000000,0,1000000,'200 credits','2387ba95cd2d42e1a45824e8e433bae7','e01','2026-11-29','{"audio_s":"2.02","bytes":4096,"duration_s":"2.002","fps":"24000/1001","frame_times_us":[0,41708],"frames":48,"height":90,"sha256":"f55ff16f66f43360266b95db6f8fec01d76031054306ae4a4b380598f6cfd114","width":160}','https://cdn.acme.example/1.mp4?sig=x',NULL,NULL,NULL,'2026-11-29 07:41:07.993000','2026-11-29 07:41:08.004000','2026-11-29 07:41:08.033000');
INSERT INTO "takes" VALUES('a6a5d0b9ab004a96a4ae0b6f55d24c98','lighthouse','e01/lamp/020',1,'2387ba95cd2d42e1a45824e8e433bae7',0,'failed','wish of e01/lamp/020',0,'acme','https://api.acme.example','acme-1',0,0,0,'00000000000000000000000000000000000000000000000000000000000000a2','{"prompt": "a lamp"}',NULL,NULL,'job-a2',NULL,1000000,0,0,'','2387ba95cd2d42e1a45824e8e433bae7','e01','2026-11-29',NULL,NULL,NULL,'broken','it broke','2026-11-29 07:41:08.041000','2026-11-29 07:41:08.046000','2026-11-29 07:41:08.058000');
INSERT INTO "takes" VALUES('a44808cb5906461ca356fd03210fb90f','lighthouse','e01/lamp/030',1,'2387ba95cd2d42e1a45824e8e433bae7',0,'unknown','wish of e01/lamp/030',0,'acme','https://api.acme.example','acme-1',0,0,0,'00000000000000000000000000000000000000000000000000000000000000a3','{"prompt": "a lamp"}',NULL,NULL,NULL,NULL,1000000,1000000,NULL,'','2387ba95cd2d42e1a45824e8e433bae7','e01','2026-11-29',NULL,NULL,NULL,'unknown_outcome','the connection broke','2026-11-29 07:41:08.065000','2026-11-29 07:41:08.069000',NULL);
INSERT INTO "takes" VALUES('c57de4bf0ec34ed39b37025cb5173d38','lighthouse','e01/lamp/040',1,'2387ba95cd2d42e1a45824e8e433bae7',0,'submitted','wish of e01/lamp/040',0,'acme','https://api.acme.example','acme-1',0,0,0,'00000000000000000000000000000000000000000000000000000000000000a4','{"prompt": "a lamp"}',NULL,NULL,'job-a4',NULL,1000000,1000000,NULL,'','2387ba95cd2d42e1a45824e8e433bae7','e01','2026-11-29',NULL,NULL,NULL,NULL,NULL,'2026-11-29 07:41:08.081000','2026-11-29 07:41:08.086000',NULL);
INSERT INTO "takes" VALUES('1ebbe898bc924006974119fc8a4bc2bf','lighthouse','e01/lamp/050',1,'2387ba95cd2d42e1a45824e8e433bae7',0,'generated','wish of e01/lamp/050',0,'acme','https://api.acme.example','acme-1',0,0,0,'00000000000000000000000000000000000000000000000000000000000000a5','{"prompt": "a lamp"}',NULL,NULL,'job-a5',NULL,1000000,0,1000000,'200 credits','2387ba95cd2d42e1a45824e8e433bae7','e01','2026-11-29',NULL,'https://cdn.acme.example/1.mp4?sig=x',NULL,NULL,NULL,'2026-11-29 07:41:08.099000','2026-11-29 07:41:08.103000',NULL);
INSERT INTO "takes" VALUES('e3ac682cf0f74668854069969573de2a','lighthouse','e01/lamp/060',1,'2387ba95cd2d42e1a45824e8e433bae7',0,'submitting','wish of e01/lamp/060',0,'acme','https://api.acme.example','acme-1',0,0,0,'00000000000000000000000000000000000000000000000000000000000000a6','{"prompt": "a lamp"}',NULL,NULL,NULL,NULL,1000000,1000000,NULL,'','2387ba95cd2d42e1a45824e8e433bae7','e01','2026-11-29',NULL,NULL,NULL,NULL,NULL,'2026-11-29 07:41:08.123000','2026-11-29 07:41:08.128000',NULL);
INSERT INTO "takes" VALUES('b170aed2db074a1d898a7b6c329109d4','lighthouse','e01/lamp/070',1,'2387ba95cd2d42e1a45824e8e433bae7',0,'planned','wish of e01/lamp/070',0,'acme','https://api.acme.example','acme-1',0,0,0,NULL,NULL,NULL,NULL,NULL,NULL,NULL,0,NULL,'',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'2026-11-29 07:41:08.134000',NULL,NULL);
INSERT INTO "takes" VALUES('da2b2d3ccfb14ba787d82d6c9fc9f87f','lighthouse','e01/lamp/010',2,'2387ba95cd2d42e1a45824e8e433bae7',1,'done','wish of e01/lamp/010',0,'acme','https://www.acme.example','acme-1',0,0,0,'00000000000000000000000000000000000000000000000000000000000000a1','{"prompt": "a lamp"}',NULL,NULL,'job-b1',NULL,1000000,0,1000000,'200 credits','2387ba95cd2d42e1a45824e8e433bae7','e01','2026-11-29','{"audio_s":"2.02","bytes":4096,"duration_s":"2.002","fps":"24000/1001","frame_times_us":[0,41708],"frames":48,"height":90,"sha256":"f55ff16f66f43360266b95db6f8fec01d76031054306ae4a4b380598f6cfd114","width":160}','https://cdn.acme.example/1.mp4?sig=x',NULL,NULL,NULL,'2026-11-29 07:41:08.139000','2026-11-29 07:41:08.144000','2026-11-29 07:41:08.164000');
INSERT INTO "takes" VALUES('5ca4332431bb42108611f58012e4ac33','lighthouse','e01/lamp/040',2,'2387ba95cd2d42e1a45824e8e433bae7',1,'submitted','wish of e01/lamp/040',0,'acme','https://www.acme.example','acme-1',0,0,0,'00000000000000000000000000000000000000000000000000000000000000a4','{"prompt": "a lamp"}',NULL,NULL,'job-b4',NULL,1000000,1000000,NULL,'','2387ba95cd2d42e1a45824e8e433bae7','e01','2026-11-29',NULL,NULL,NULL,NULL,NULL,'2026-11-29 07:41:08.169000','2026-11-29 07:41:08.174000',NULL);
INSERT INTO "takes" VALUES('db0edf9ea14d4aed8c338567f8dd97dd','lighthouse','e01/lamp/030',2,'2387ba95cd2d42e1a45824e8e433bae7',1,'done','wish of e01/lamp/030',0,'acme','https://www.acme.example','acme-1',0,0,0,'00000000000000000000000000000000000000000000000000000000000000a3','{"prompt": "a lamp"}',NULL,NULL,'job-b3',NULL,1000000,0,1000000,'200 credits','2387ba95cd2d42e1a45824e8e433bae7','e01','2026-11-29','{"audio_s":"2.02","bytes":4096,"duration_s":"2.002","fps":"24000/1001","frame_times_us":[0,41708],"frames":48,"height":90,"sha256":"f46dd28a5499d8efef0b8fb8ee1ec1c5a5e407c9381741d576ba8deb4f59ec3f","width":160}','https://cdn.acme.example/1.mp4?sig=x',NULL,NULL,NULL,'2026-11-29 07:41:08.187000','2026-11-29 07:41:08.192000','2026-11-29 07:41:08.212000');
INSERT INTO "takes" VALUES('abc17869255d45d5bba48a530e2751c7','lighthouse','e01/shore/010',1,'2387ba95cd2d42e1a45824e8e433bae7',0,'done','wish of e01/shore/010',0,'acme','https://api.acme.example','acme-1',0,0,0,'00000000000000000000000000000000000000000000000000000000000000c1','{"prompt": "a lamp"}',NULL,NULL,'job-twice',NULL,1000000,0,1000000,'200 credits','2387ba95cd2d42e1a45824e8e433bae7','e01','2026-11-29','{"audio_s":"2.02","bytes":4096,"duration_s":"2.002","fps":"24000/1001","frame_times_us":[0,41708],"frames":48,"height":90,"sha256":"d0f631ca1ddba8db3bcfcb9e057cdc98d0379f1bee00e75a545147a27dadd982","width":160}','https://cdn.acme.example/1.mp4?sig=x',NULL,NULL,NULL,'2026-11-29 07:41:08.217000','2026-11-29 07:41:08.222000','2026-11-29 07:41:08.241000');
INSERT INTO "takes" VALUES('bcf48f4ba5364e87b50a8100067db108','lighthouse','e01/shore/020',1,'2387ba95cd2d42e1a45824e8e433bae7',1,'submitted','wish of e01/shore/020',0,'acme','https://www.acme.example','acme-1',0,0,0,'00000000000000000000000000000000000000000000000000000000000000c2','{"prompt": "a lamp"}',NULL,NULL,'job-twice',NULL,1000000,1000000,NULL,'','2387ba95cd2d42e1a45824e8e433bae7','e01','2026-11-29',NULL,NULL,NULL,NULL,NULL,'2026-11-29 07:41:08.251000','2026-11-29 07:41:08.256000',NULL);
INSERT INTO "takes" VALUES('c1a35ded77674496bc19db998f107e2b','lighthouse','e01/lamp/010',3,'2387ba95cd2d42e1a45824e8e433bae7',2,'cancelled','the same order in other words',0,'acme','https://api.acme.example','acme-1',0,0,0,NULL,NULL,NULL,NULL,NULL,'ab6d1760edcb45058ebb5ffab7b70361',NULL,0,NULL,'',NULL,NULL,NULL,NULL,NULL,NULL,'rival','take ab6d1760edcb45058ebb5ffab7b70361 already stands for this very order','2026-11-29 07:41:08.269000',NULL,'2026-11-29 07:41:08.275000');
INSERT INTO "takes" VALUES('d9579c510129460ea9b1bcd5eed92d81','lighthouse','e01/shore/030',1,'2387ba95cd2d42e1a45824e8e433bae7',0,'submitting','wish of e01/shore/030',0,'acme','https://api.acme.example','acme-1',0,0,0,'00000000000000000000000000000000000000000000000000000000000000c3','{"prompt": "a lamp"}',NULL,NULL,NULL,NULL,1000000,1000000,NULL,'','2387ba95cd2d42e1a45824e8e433bae7','e01','2026-11-29',NULL,NULL,NULL,NULL,NULL,'2026-11-29 07:41:08.286000','2026-11-29 07:41:08.290000',NULL);
INSERT INTO "takes" VALUES('87d7da3845b9425b86c56c3c0bb806dc','lighthouse','e01/shore/040',1,'2387ba95cd2d42e1a45824e8e433bae7',1,'done','wish of e01/shore/040',0,'acme','https://www.acme.example','acme-1',0,0,0,'00000000000000000000000000000000000000000000000000000000000000c4','{"prompt": "a lamp"}',NULL,NULL,'job-c4',NULL,1000000,0,3000000,'200 credits','2387ba95cd2d42e1a45824e8e433bae7','e01','2026-11-29','{"audio_s":"2.02","bytes":4096,"duration_s":"2.002","fps":"24000/1001","frame_times_us":[0,41708],"frames":48,"height":90,"sha256":"0012a3fa000c5dc26ee658c3c58e12cecd58d6455cec3d5621f0c787675b38aa","width":160}','https://cdn.acme.example/1.mp4?sig=x',NULL,NULL,NULL,'2026-11-29 07:41:08.298000','2026-11-29 07:41:08.303000','2026-11-29 07:41:08.318000');
INSERT INTO "takes" VALUES('91385aad6b9144d1be9e1c483430bd44','lighthouse','e01/shore/050',1,'2387ba95cd2d42e1a45824e8e433bae7',0,'done','wish of e01/shore/050',0,'acme','https://api.acme.example','acme-1',0,0,0,'00000000000000000000000000000000000000000000000000000000000000c5','{"prompt": "a lamp"}',NULL,NULL,'job-c5',NULL,1000000,0,2500000,'200 credits','2387ba95cd2d42e1a45824e8e433bae7','e01','2026-11-29','{"audio_s":"2.02","bytes":4096,"duration_s":"2.002","fps":"24000/1001","frame_times_us":[0,41708],"frames":48,"height":90,"sha256":"d0bf3e6ee1d668de18c9ca200a4f152062f345283ee68cadfe41204f215d75e9","width":160}','https://cdn.acme.example/1.mp4?sig=x',NULL,NULL,NULL,'2026-11-29 07:41:08.324000','2026-11-29 07:41:08.328000','2026-11-29 07:41:08.343000');
INSERT INTO "takes" VALUES('d5958afdb5614d41952e223e77860dc5','lighthouse','e01/night/020',1,'2387ba95cd2d42e1a45824e8e433bae7',0,'done','wish of e01/night/020',0,'acme','http://127.0.0.1','acme-1',0,0,0,'00000000000000000000000000000000000000000000000000000000000000e1','{"prompt": "a lamp"}',NULL,NULL,'job-e1',NULL,1000000,0,1000000,'200 credits','2387ba95cd2d42e1a45824e8e433bae7','e01','2026-11-29','{"audio_s":"2.02","bytes":4096,"duration_s":"2.002","fps":"24000/1001","frame_times_us":[0,41708],"frames":48,"height":90,"sha256":"8b5cc4df7eec7d32a7814eca4af047ae33b2d52342667715682e19c25b0b9faa","width":160}','https://cdn.acme.example/1.mp4?sig=x',NULL,NULL,NULL,'2026-11-29 07:41:08.347000','2026-11-29 07:41:08.351000','2026-11-29 07:41:08.370000');
INSERT INTO "takes" VALUES('b8eaa95e348044bea7e3933e5e148578','lighthouse','e01/night/030',1,'2387ba95cd2d42e1a45824e8e433bae7',0,'done','wish of e01/night/030',0,'kinovi','http://127.0.0.1','kinovi-1',0,0,0,'00000000000000000000000000000000000000000000000000000000000000e2','{"prompt": "a lamp"}',NULL,NULL,'job-e2',NULL,1000000,0,1000000,'200 credits','2387ba95cd2d42e1a45824e8e433bae7','e01','2026-11-29','{"audio_s":"2.02","bytes":4096,"duration_s":"2.002","fps":"24000/1001","frame_times_us":[0,41708],"frames":48,"height":90,"sha256":"ac0f09c0f8bf5e7a4b063d863255f16d8ce9abe600e288d934cf313bcbff63eb","width":160}','https://cdn.acme.example/1.mp4?sig=x',NULL,NULL,NULL,'2026-11-29 07:41:08.376000','2026-11-29 07:41:08.382000','2026-11-29 07:41:08.400000');
INSERT INTO "takes" VALUES('845dde9ddd544494a0727762f41896f9','lighthouse','e01/night/040',1,'2387ba95cd2d42e1a45824e8e433bae7',0,'done','wish of e01/night/040',0,'animatic','animatic://local','animatic-1',0,0,0,'00000000000000000000000000000000000000000000000000000000000000e3','{"prompt": "a lamp"}',NULL,NULL,'job-e3',NULL,1000000,0,0,'200 credits','2387ba95cd2d42e1a45824e8e433bae7','e01','2026-11-29','{"audio_s":"2.02","bytes":4096,"duration_s":"2.002","fps":"24000/1001","frame_times_us":[0,41708],"frames":48,"height":90,"sha256":"cef7fc13a38180936ffa2635489088778e059f07a5d1beda53f1719d35577631","width":160}','https://cdn.acme.example/1.mp4?sig=x',NULL,NULL,NULL,'2026-11-29 07:41:08.406000','2026-11-29 07:41:08.411000','2026-11-29 07:41:08.432000');
CREATE INDEX ix_runs_series ON runs (series, created_at);
CREATE INDEX ix_takes_series_wish ON takes (series, wish);
CREATE INDEX ix_takes_origin_state ON takes (origin, state);
CREATE UNIQUE INDEX uq_takes_live_fingerprint ON takes (series, origin, fingerprint) WHERE state IN ('done', 'generated', 'planned', 'submitted', 'submitting', 'unknown');
CREATE INDEX ix_openings_take ON openings (take);
CREATE INDEX ix_events_take ON events (take);
CREATE TRIGGER events_are_never_changed BEFORE UPDATE ON events
BEGIN SELECT RAISE(ABORT, 'the ledger''s events are never changed'); END;
CREATE TRIGGER events_are_never_deleted BEFORE DELETE ON events
BEGIN SELECT RAISE(ABORT, 'the ledger''s events are never deleted'); END;
COMMIT;
