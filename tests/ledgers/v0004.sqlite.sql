-- The ledger of version 0003 as version 0004 brought it up, with notes on its takes. Loaded by tests/ledgers, and never changed.
BEGIN TRANSACTION;
CREATE TABLE accounts (
	account TEXT NOT NULL, 
	stopped_why TEXT, 
	stopped_at DATETIME, 
	acknowledged_event INTEGER NOT NULL, 
	PRIMARY KEY (account)
);
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0004');
CREATE TABLE "budgets" (
	series TEXT NOT NULL, 
	scope TEXT NOT NULL, 
	"key" TEXT NOT NULL, 
	cap_micros BIGINT, 
	spent_micros BIGINT NOT NULL, 
	reserved_micros BIGINT NOT NULL, 
	PRIMARY KEY (series, scope, "key"), 
	CONSTRAINT ck_budgets_cap_micros CHECK (typeof(cap_micros) IN ('integer', 'null') AND cap_micros BETWEEN 0 AND 1000000000000000000), 
	CONSTRAINT ck_budgets_spent_micros CHECK (typeof(spent_micros) IN ('integer', 'null') AND spent_micros BETWEEN 0 AND 1000000000000000000), 
	CONSTRAINT ck_budgets_reserved_micros CHECK (typeof(reserved_micros) IN ('integer', 'null') AND reserved_micros BETWEEN 0 AND 1000000000000000000)
);
INSERT INTO "budgets" VALUES('pier','series','pier',NULL,3580000,0);
INSERT INTO "budgets" VALUES('pier','episode','e01',NULL,3580000,0);
INSERT INTO "budgets" VALUES('pier','day','2026-11-29',NULL,3580000,0);
INSERT INTO "budgets" VALUES('pier','run','d53ef094-c936-49fd-8227-ccc181cae7ee-e01-try-bdbb6316726c47bdace1dc01f226e1f7',NULL,3580000,0);
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
INSERT INTO "circles" VALUES('pier','e01/inside/030','bcc9227bdac044bba6d423e0ccb81621',0,0,'','2026-11-29 21:29:33.171000');
INSERT INTO "circles" VALUES('pier','e01/water/010','94db6abb82ea452782f7fecec21d862a',0,0,'','2026-11-29 21:29:34.036000');
INSERT INTO "circles" VALUES('pier','e01/inside/010','a1f207474cc54a83bc43ff705ab519fe',0,0,'','2026-11-29 21:29:38.793000');
INSERT INTO "circles" VALUES('pier','e01/inside/020','ac2615bbe62440cd91ac76efe773a200',0,0,'','2026-11-29 21:29:43.493000');
INSERT INTO "circles" VALUES('pier','e01/water/020','e7d6728c181b412295725ebf5e902ea2',0,0,'','2026-11-29 21:29:50.326000');
INSERT INTO "circles" VALUES('pier','e01/water/030','323998f5b28a418fab373a8fab12477c',0,0,'','2026-11-29 21:30:00.179000');
CREATE TABLE derived (
	"key" TEXT NOT NULL, 
	sha256 TEXT NOT NULL, 
	at DATETIME NOT NULL, 
	PRIMARY KEY ("key")
);
INSERT INTO "derived" VALUES('fit/audio:mp3:15s/ed5cd2f5667f2738fb813842122a376bbac266741c981a955c761a14a0dc4c06','7d7f285d26beee3cb99a762ff67fefe30d4a8afe9021a4a3bdf9b7e97dd059b7','2026-11-29 21:29:21.034000');
INSERT INTO "derived" VALUES('fit/image:png:30000000bytes:srgb/e787c105f22dede4028e2d960e8d3c60e82f2f45d3857dcf58da5f1e7d259e56','acd5e7bc919ebd85563216f6537417ce8ef84bd8a9f082555e08f365fe0afa91','2026-11-29 21:29:22.846000');
INSERT INTO "derived" VALUES('fit/image:png:30000000bytes:srgb/b7a13a837535e95071a8f4a0cd7fe2b1478c669379381d3aff9c47cf8f3ed6e6','17a12144ed86fd3d235ba5e68502cf470acff8ea76c68edfa21e6f57288ae7a6','2026-11-29 21:29:24.770000');
INSERT INTO "derived" VALUES('fit/image:png:srgb/5c2c1c76e8aab614e806b5ce5fc99fa09c1a5b27d12434b156b55f51c32721f2','412a8809f79c6253e1a40e51ff8d522b1b3b81ad3d7c38d39d0d8aa8cf9d2482','2026-11-29 21:29:25.093000');
INSERT INTO "derived" VALUES('conform-1:house-1:bc4c57de58ab945410c4d5bb3fd61a2b942793ff3afa634918938eb2cb6d2c35:96:160x90:24','382cdf5c4865a724f61c0f96fb2556ff80e462ceee27c85c0aa168a35a2d0571','2026-11-29 21:29:34.772000');
INSERT INTO "derived" VALUES('frame:2:1c4ef645b5cf5290877189e44f51bd1073a76f821bb61ee974663ceeb5b3411d:95','b67da2f4617bad51fcb42e662aea55e2c20db616c4de77536b0d214f8bd9c1a5','2026-11-29 21:29:35.944000');
INSERT INTO "derived" VALUES('conform-1:house-1:1c4ef645b5cf5290877189e44f51bd1073a76f821bb61ee974663ceeb5b3411d:96:160x90:24','382cdf5c4865a724f61c0f96fb2556ff80e462ceee27c85c0aa168a35a2d0571','2026-11-29 21:29:36.261000');
INSERT INTO "derived" VALUES('fit/image:png:srgb/9b4278665090af8bff351fc6dcb579306f6448edfd123fded855565e599157cb','57c101cfc9c94ee9c8f117aef8fab9f8c9b6c9b65412ab389318970b28985e7a','2026-11-29 21:29:38.538000');
INSERT INTO "derived" VALUES('conform-1:house-1:8cfaff47b713802255d1937a3f88e3af58357455744a2ea14d7394cd9c94abbf:120:160x90:24','ce51a7bdd475c49b8b0d9d49cbcf13f382adbc2097bc4f92964a71bf54b987ed','2026-11-29 21:29:40.329000');
INSERT INTO "derived" VALUES('conform-1:house-1:8510c36ec51b8cf54c76f580cd975b8389e2ce5fec2e97cf043f48f55a12a98e:96:160x90:24','8e9420fc2092dc88727ce21d764ce883e5ef927799cf044ef73dd44a80c54e20','2026-11-29 21:29:44.570000');
INSERT INTO "derived" VALUES('conform-1:house-1:5c68a0f28df52d3cbde2715716cab0a41ea7bb6893867483d2ddb9c9e5b51678:60:160x90:24','e1da4d10552961f4dfb497b246a459e3df339cb1d4b68d1d2d51f20074aff079','2026-11-29 21:29:51.651000');
INSERT INTO "derived" VALUES('tail-clip:2:5c68a0f28df52d3cbde2715716cab0a41ea7bb6893867483d2ddb9c9e5b51678:59','1e91464d5d0da747b3e61f36ad889c3954952c4b6908e37f67da6edcac342044','2026-11-29 21:29:53.550000');
INSERT INTO "derived" VALUES('frame:2:2ec7a2b6463d833f3d914a65ae405e138d77f8af3ae8839c940d7354f64dad3a:95','b2c6e964d3abb8425c72910b849065e3a095f4ad45c0489ddc756b2fede12102','2026-11-29 21:30:00.950000');
INSERT INTO "derived" VALUES('conform-1:house-1:2ec7a2b6463d833f3d914a65ae405e138d77f8af3ae8839c940d7354f64dad3a:96:160x90:24','7e887b583b51eaba8b8626b08c1dc9f3510ca047eee0bc09ca1116afae79154a','2026-11-29 21:30:01.404000');
INSERT INTO "derived" VALUES('conform-1:house-1:914c24d2ad481bbba390598619f7442b59efa4338e08f7ffc29d24f77899425b:96:160x90:24','382cdf5c4865a724f61c0f96fb2556ff80e462ceee27c85c0aa168a35a2d0571','2026-11-29 21:30:05.932000');
INSERT INTO "derived" VALUES('master:a342c251cd5828a3a0f361cd4a588ee20f6ca4c865b28e224b8aca925e642dbb','d14f87c2cc8515c1783b1555a2c9aa605e7c75e10a66580aa705545bca468dbe','2026-11-29 21:30:08.973000');
INSERT INTO "derived" VALUES('frame:2:5c68a0f28df52d3cbde2715716cab0a41ea7bb6893867483d2ddb9c9e5b51678:59','52f3dc667449f39af8bcb67e4ad951907b4ef37380987bba71e28dcdddc47b49','2026-11-29 21:30:09.107000');
INSERT INTO "derived" VALUES('frame:2:914c24d2ad481bbba390598619f7442b59efa4338e08f7ffc29d24f77899425b:95','b67da2f4617bad51fcb42e662aea55e2c20db616c4de77536b0d214f8bd9c1a5','2026-11-29 21:30:09.350000');
INSERT INTO "derived" VALUES('frame:2:8cfaff47b713802255d1937a3f88e3af58357455744a2ea14d7394cd9c94abbf:119','db34583b9ff7ba94ee199042ed00ac79f63c283bf45088f08976fbbfae238b71','2026-11-29 21:30:09.561000');
INSERT INTO "derived" VALUES('frame:2:8510c36ec51b8cf54c76f580cd975b8389e2ce5fec2e97cf043f48f55a12a98e:95','dd4af8c7c73620b7383695e82d2110523284855a5a6bbe1bcee0e275770ee693','2026-11-29 21:30:09.691000');
INSERT INTO "derived" VALUES('frame:2:bc4c57de58ab945410c4d5bb3fd61a2b942793ff3afa634918938eb2cb6d2c35:95','b67da2f4617bad51fcb42e662aea55e2c20db616c4de77536b0d214f8bd9c1a5','2026-11-29 21:30:09.916000');
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
INSERT INTO "events" VALUES(1,'94db6abb82ea452782f7fecec21d862a','2026-11-29 21:29:19.221000',NULL,'planned','d53ef094-c936-49fd-8227-ccc181cae7ee-e01-try-bdbb6316726c47bdace1dc01f226e1f7','studio','opened',0);
INSERT INTO "events" VALUES(2,'e7d6728c181b412295725ebf5e902ea2','2026-11-29 21:29:19.221000',NULL,'planned','d53ef094-c936-49fd-8227-ccc181cae7ee-e01-try-bdbb6316726c47bdace1dc01f226e1f7','studio','opened',0);
INSERT INTO "events" VALUES(3,'323998f5b28a418fab373a8fab12477c','2026-11-29 21:29:19.221000',NULL,'planned','d53ef094-c936-49fd-8227-ccc181cae7ee-e01-try-bdbb6316726c47bdace1dc01f226e1f7','studio','opened',0);
INSERT INTO "events" VALUES(4,'b061a703e3f24649b4ca548854fe8261','2026-11-29 21:29:19.221000',NULL,'planned','d53ef094-c936-49fd-8227-ccc181cae7ee-e01-try-bdbb6316726c47bdace1dc01f226e1f7','studio','opened',0);
INSERT INTO "events" VALUES(5,'a1f207474cc54a83bc43ff705ab519fe','2026-11-29 21:29:19.221000',NULL,'planned','d53ef094-c936-49fd-8227-ccc181cae7ee-e01-try-bdbb6316726c47bdace1dc01f226e1f7','studio','opened',0);
INSERT INTO "events" VALUES(6,'ac2615bbe62440cd91ac76efe773a200','2026-11-29 21:29:19.221000',NULL,'planned','d53ef094-c936-49fd-8227-ccc181cae7ee-e01-try-bdbb6316726c47bdace1dc01f226e1f7','studio','opened',0);
INSERT INTO "events" VALUES(7,'bcc9227bdac044bba6d423e0ccb81621','2026-11-29 21:29:19.221000',NULL,'planned','d53ef094-c936-49fd-8227-ccc181cae7ee-e01-try-bdbb6316726c47bdace1dc01f226e1f7','studio','opened',0);
INSERT INTO "events" VALUES(8,'bcc9227bdac044bba6d423e0ccb81621','2026-11-29 21:29:20.591000','planned','submitting','d53ef094-c936-49fd-8227-ccc181cae7ee-e01-try-bdbb6316726c47bdace1dc01f226e1f7','studio','claimed by vm_8978_24b56b7a, $0.40 reserved',0);
INSERT INTO "events" VALUES(9,'bcc9227bdac044bba6d423e0ccb81621','2026-11-29 21:29:23.310000','submitting','submitted','d53ef094-c936-49fd-8227-ccc181cae7ee-e01-try-bdbb6316726c47bdace1dc01f226e1f7','studio','job task-unified-f6b7e038aa2b417ea913a6c8aeb9b2af',0);
INSERT INTO "events" VALUES(10,'bcc9227bdac044bba6d423e0ccb81621','2026-11-29 21:29:23.615000','submitted','generated','d53ef094-c936-49fd-8227-ccc181cae7ee-e01-try-bdbb6316726c47bdace1dc01f226e1f7','studio','cost $0.40',0);
INSERT INTO "events" VALUES(11,'a1f207474cc54a83bc43ff705ab519fe','2026-11-29 21:29:24.923000','planned','submitting','d53ef094-c936-49fd-8227-ccc181cae7ee-e01-try-bdbb6316726c47bdace1dc01f226e1f7','studio','claimed by vm_8978_24b56b7a, $1.50 reserved',0);
INSERT INTO "events" VALUES(12,'94db6abb82ea452782f7fecec21d862a','2026-11-29 21:29:25.265000','planned','submitting','d53ef094-c936-49fd-8227-ccc181cae7ee-e01-try-bdbb6316726c47bdace1dc01f226e1f7','studio','claimed by vm_8978_24b56b7a, $0.30 reserved',0);
INSERT INTO "events" VALUES(13,'94db6abb82ea452782f7fecec21d862a','2026-11-29 21:29:26.305000','submitting','submitted','d53ef094-c936-49fd-8227-ccc181cae7ee-e01-try-bdbb6316726c47bdace1dc01f226e1f7','studio','job task_c88953388f044353841a2ae96116db74',0);
INSERT INTO "events" VALUES(14,'a1f207474cc54a83bc43ff705ab519fe','2026-11-29 21:29:26.748000','submitting','submitted','d53ef094-c936-49fd-8227-ccc181cae7ee-e01-try-bdbb6316726c47bdace1dc01f226e1f7','studio','job task-unified-c8fab345dcf94fcc8b5aedb75300db1d',0);
INSERT INTO "events" VALUES(15,'94db6abb82ea452782f7fecec21d862a','2026-11-29 21:29:27.027000','submitted','generated','d53ef094-c936-49fd-8227-ccc181cae7ee-e01-try-bdbb6316726c47bdace1dc01f226e1f7','studio','cost $0.30',0);
INSERT INTO "events" VALUES(16,'a1f207474cc54a83bc43ff705ab519fe','2026-11-29 21:29:27.321000','submitted','generated','d53ef094-c936-49fd-8227-ccc181cae7ee-e01-try-bdbb6316726c47bdace1dc01f226e1f7','studio','cost $1.50',0);
INSERT INTO "events" VALUES(17,'bcc9227bdac044bba6d423e0ccb81621','2026-11-29 21:29:33.171000','generated','done','d53ef094-c936-49fd-8227-ccc181cae7ee-e01-try-bdbb6316726c47bdace1dc01f226e1f7','studio','clip bc4c57de58ab945410c4d5bb3fd61a2b942793ff3afa634918938eb2cb6d2c35',0);
INSERT INTO "events" VALUES(18,'bcc9227bdac044bba6d423e0ccb81621','2026-11-29 21:29:33.171000','done','done','d53ef094-c936-49fd-8227-ccc181cae7ee-e01-try-bdbb6316726c47bdace1dc01f226e1f7','studio','circled for e01/inside/030',0);
INSERT INTO "events" VALUES(19,'94db6abb82ea452782f7fecec21d862a','2026-11-29 21:29:34.036000','generated','done','d53ef094-c936-49fd-8227-ccc181cae7ee-e01-try-bdbb6316726c47bdace1dc01f226e1f7','studio','clip 1c4ef645b5cf5290877189e44f51bd1073a76f821bb61ee974663ceeb5b3411d',0);
INSERT INTO "events" VALUES(20,'94db6abb82ea452782f7fecec21d862a','2026-11-29 21:29:34.036000','done','done','d53ef094-c936-49fd-8227-ccc181cae7ee-e01-try-bdbb6316726c47bdace1dc01f226e1f7','studio','circled for e01/water/010',0);
INSERT INTO "events" VALUES(21,'ac2615bbe62440cd91ac76efe773a200','2026-11-29 21:29:36.504000','planned','submitting','d53ef094-c936-49fd-8227-ccc181cae7ee-e01-try-bdbb6316726c47bdace1dc01f226e1f7','studio','claimed by vm_8978_24b56b7a, $0.40 reserved',0);
INSERT INTO "events" VALUES(22,'ac2615bbe62440cd91ac76efe773a200','2026-11-29 21:29:36.941000','submitting','submitted','d53ef094-c936-49fd-8227-ccc181cae7ee-e01-try-bdbb6316726c47bdace1dc01f226e1f7','studio','job task-unified-818b2b642bd641b1bdc9f5baf0fb331c',0);
INSERT INTO "events" VALUES(23,'ac2615bbe62440cd91ac76efe773a200','2026-11-29 21:29:37.740000','submitted','generated','d53ef094-c936-49fd-8227-ccc181cae7ee-e01-try-bdbb6316726c47bdace1dc01f226e1f7','studio','cost $0.40',0);
INSERT INTO "events" VALUES(24,'e7d6728c181b412295725ebf5e902ea2','2026-11-29 21:29:38.717000','planned','submitting','d53ef094-c936-49fd-8227-ccc181cae7ee-e01-try-bdbb6316726c47bdace1dc01f226e1f7','studio','claimed by vm_8978_24b56b7a, $0.30 reserved',0);
INSERT INTO "events" VALUES(25,'a1f207474cc54a83bc43ff705ab519fe','2026-11-29 21:29:38.793000','generated','done','d53ef094-c936-49fd-8227-ccc181cae7ee-e01-try-bdbb6316726c47bdace1dc01f226e1f7','studio','clip 8cfaff47b713802255d1937a3f88e3af58357455744a2ea14d7394cd9c94abbf',0);
INSERT INTO "events" VALUES(26,'a1f207474cc54a83bc43ff705ab519fe','2026-11-29 21:29:38.793000','done','done','d53ef094-c936-49fd-8227-ccc181cae7ee-e01-try-bdbb6316726c47bdace1dc01f226e1f7','studio','circled for e01/inside/010',0);
INSERT INTO "events" VALUES(27,'e7d6728c181b412295725ebf5e902ea2','2026-11-29 21:29:39.172000','submitting','submitted','d53ef094-c936-49fd-8227-ccc181cae7ee-e01-try-bdbb6316726c47bdace1dc01f226e1f7','studio','job task_8d124a6267524732a698dc15c97fe271',0);
INSERT INTO "events" VALUES(28,'e7d6728c181b412295725ebf5e902ea2','2026-11-29 21:29:40.090000','submitted','generated','d53ef094-c936-49fd-8227-ccc181cae7ee-e01-try-bdbb6316726c47bdace1dc01f226e1f7','studio','cost $0.30',0);
INSERT INTO "events" VALUES(29,'ac2615bbe62440cd91ac76efe773a200','2026-11-29 21:29:43.493000','generated','done','d53ef094-c936-49fd-8227-ccc181cae7ee-e01-try-bdbb6316726c47bdace1dc01f226e1f7','studio','clip 8510c36ec51b8cf54c76f580cd975b8389e2ce5fec2e97cf043f48f55a12a98e',0);
INSERT INTO "events" VALUES(30,'ac2615bbe62440cd91ac76efe773a200','2026-11-29 21:29:43.493000','done','done','d53ef094-c936-49fd-8227-ccc181cae7ee-e01-try-bdbb6316726c47bdace1dc01f226e1f7','studio','circled for e01/inside/020',0);
INSERT INTO "events" VALUES(31,'e7d6728c181b412295725ebf5e902ea2','2026-11-29 21:29:50.326000','generated','done','d53ef094-c936-49fd-8227-ccc181cae7ee-e01-try-bdbb6316726c47bdace1dc01f226e1f7','studio','clip 5c68a0f28df52d3cbde2715716cab0a41ea7bb6893867483d2ddb9c9e5b51678',0);
INSERT INTO "events" VALUES(32,'e7d6728c181b412295725ebf5e902ea2','2026-11-29 21:29:50.326000','done','done','d53ef094-c936-49fd-8227-ccc181cae7ee-e01-try-bdbb6316726c47bdace1dc01f226e1f7','studio','circled for e01/water/020',0);
INSERT INTO "events" VALUES(33,'323998f5b28a418fab373a8fab12477c','2026-11-29 21:29:54.017000','planned','submitting','d53ef094-c936-49fd-8227-ccc181cae7ee-e01-try-bdbb6316726c47bdace1dc01f226e1f7','studio','claimed by vm_8978_24b56b7a, $0.38 reserved',0);
INSERT INTO "events" VALUES(34,'323998f5b28a418fab373a8fab12477c','2026-11-29 21:29:54.196000','submitting','submitted','d53ef094-c936-49fd-8227-ccc181cae7ee-e01-try-bdbb6316726c47bdace1dc01f226e1f7','studio','job task_96a638f17aec416c8a70516bddca5ffd',0);
INSERT INTO "events" VALUES(35,'323998f5b28a418fab373a8fab12477c','2026-11-29 21:29:54.705000','submitted','generated','d53ef094-c936-49fd-8227-ccc181cae7ee-e01-try-bdbb6316726c47bdace1dc01f226e1f7','studio','cost $0.38',0);
INSERT INTO "events" VALUES(36,'323998f5b28a418fab373a8fab12477c','2026-11-29 21:30:00.179000','generated','done','d53ef094-c936-49fd-8227-ccc181cae7ee-e01-try-bdbb6316726c47bdace1dc01f226e1f7','studio','clip 2ec7a2b6463d833f3d914a65ae405e138d77f8af3ae8839c940d7354f64dad3a',0);
INSERT INTO "events" VALUES(37,'323998f5b28a418fab373a8fab12477c','2026-11-29 21:30:00.179000','done','done','d53ef094-c936-49fd-8227-ccc181cae7ee-e01-try-bdbb6316726c47bdace1dc01f226e1f7','studio','circled for e01/water/030',0);
INSERT INTO "events" VALUES(38,'b061a703e3f24649b4ca548854fe8261','2026-11-29 21:30:01.061000','planned','submitting','d53ef094-c936-49fd-8227-ccc181cae7ee-e01-try-bdbb6316726c47bdace1dc01f226e1f7','studio','claimed by vm_8978_24b56b7a, $0.30 reserved',0);
INSERT INTO "events" VALUES(39,'b061a703e3f24649b4ca548854fe8261','2026-11-29 21:30:01.324000','submitting','submitted','d53ef094-c936-49fd-8227-ccc181cae7ee-e01-try-bdbb6316726c47bdace1dc01f226e1f7','studio','job task_ff56b685e0c34cefb21b5e2fe575afa8',0);
INSERT INTO "events" VALUES(40,'b061a703e3f24649b4ca548854fe8261','2026-11-29 21:30:01.888000','submitted','generated','d53ef094-c936-49fd-8227-ccc181cae7ee-e01-try-bdbb6316726c47bdace1dc01f226e1f7','studio','cost $0.30',0);
INSERT INTO "events" VALUES(41,'b061a703e3f24649b4ca548854fe8261','2026-11-29 21:30:03.261000','generated','done','d53ef094-c936-49fd-8227-ccc181cae7ee-e01-try-bdbb6316726c47bdace1dc01f226e1f7','studio','clip 914c24d2ad481bbba390598619f7442b59efa4338e08f7ffc29d24f77899425b',0);
INSERT INTO "events" VALUES(42,'b061a703e3f24649b4ca548854fe8261','2026-11-29 21:30:03.261000','done','done','d53ef094-c936-49fd-8227-ccc181cae7ee-e01-try-bdbb6316726c47bdace1dc01f226e1f7','studio','circled for e01/water/040',0);
INSERT INTO "events" VALUES(43,'b061a703e3f24649b4ca548854fe8261','2026-11-30 12:33:26.638000','done','done','d53ef094-c936-49fd-8227-ccc181cae7ee-e01-try-bdbb6316726c47bdace1dc01f226e1f7','vm','rejected',0);
CREATE TABLE holds (
	series TEXT NOT NULL, 
	held_by TEXT NOT NULL, 
	why TEXT NOT NULL, 
	at DATETIME NOT NULL, 
	PRIMARY KEY (series)
);
CREATE TABLE leases (
	take TEXT NOT NULL, 
	owner TEXT NOT NULL, 
	granted_at DATETIME NOT NULL, 
	expires_at DATETIME NOT NULL, 
	PRIMARY KEY (take), 
	FOREIGN KEY(take) REFERENCES takes (id)
);
CREATE TABLE notes (
	id TEXT NOT NULL, 
	take TEXT NOT NULL, 
	frame INTEGER, 
	words TEXT NOT NULL, 
	written_by TEXT NOT NULL, 
	at DATETIME NOT NULL, 
	PRIMARY KEY (id), 
	FOREIGN KEY(take) REFERENCES takes (id)
);
INSERT INTO "notes" VALUES('f383203a16b248b48c5fee328b0eacfd','a1f207474cc54a83bc43ff705ab519fe',NULL,'the best of them, a little slow','Rosa on pier-desk','2026-11-30 12:33:26.593000');
INSERT INTO "notes" VALUES('3f55bd97462540aeac36dee1b92e1b66','ac2615bbe62440cd91ac76efe773a200',3,'a second shadow','Rosa on pier-desk','2026-11-30 12:33:26.631000');
INSERT INTO "notes" VALUES('48ac93b51563465899e18c69ea6527de','b061a703e3f24649b4ca548854fe8261',NULL,'the boat must stay at the pier','Rosa on pier-desk','2026-11-30 12:33:26.638000');
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
INSERT INTO "openings" VALUES(1,'d53ef094-c936-49fd-8227-ccc181cae7ee-e01-try-bdbb6316726c47bdace1dc01f226e1f7','e01/water/010',0,'94db6abb82ea452782f7fecec21d862a','2026-11-29 21:29:19.221000');
INSERT INTO "openings" VALUES(2,'d53ef094-c936-49fd-8227-ccc181cae7ee-e01-try-bdbb6316726c47bdace1dc01f226e1f7','e01/water/020',0,'e7d6728c181b412295725ebf5e902ea2','2026-11-29 21:29:19.221000');
INSERT INTO "openings" VALUES(3,'d53ef094-c936-49fd-8227-ccc181cae7ee-e01-try-bdbb6316726c47bdace1dc01f226e1f7','e01/water/030',0,'323998f5b28a418fab373a8fab12477c','2026-11-29 21:29:19.221000');
INSERT INTO "openings" VALUES(4,'d53ef094-c936-49fd-8227-ccc181cae7ee-e01-try-bdbb6316726c47bdace1dc01f226e1f7','e01/water/040',0,'b061a703e3f24649b4ca548854fe8261','2026-11-29 21:29:19.221000');
INSERT INTO "openings" VALUES(5,'d53ef094-c936-49fd-8227-ccc181cae7ee-e01-try-bdbb6316726c47bdace1dc01f226e1f7','e01/inside/010',0,'a1f207474cc54a83bc43ff705ab519fe','2026-11-29 21:29:19.221000');
INSERT INTO "openings" VALUES(6,'d53ef094-c936-49fd-8227-ccc181cae7ee-e01-try-bdbb6316726c47bdace1dc01f226e1f7','e01/inside/020',0,'ac2615bbe62440cd91ac76efe773a200','2026-11-29 21:29:19.221000');
INSERT INTO "openings" VALUES(7,'d53ef094-c936-49fd-8227-ccc181cae7ee-e01-try-bdbb6316726c47bdace1dc01f226e1f7','e01/inside/030',0,'bcc9227bdac044bba6d423e0ccb81621','2026-11-29 21:29:19.221000');
CREATE TABLE "runs" (
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
	CONSTRAINT ck_runs_day_cap_micros CHECK (typeof(day_cap_micros) IN ('integer', 'null') AND day_cap_micros BETWEEN 0 AND 1000000000000000000), 
	FOREIGN KEY(snapshot) REFERENCES snapshots (id)
);
INSERT INTO "runs" VALUES('d53ef094-c936-49fd-8227-ccc181cae7ee-e01-try-bdbb6316726c47bdace1dc01f226e1f7','pier','e01','86170062e8428c33ad09651586e015acae9f1a6e1ea402127ad43e532a8fdc4c','studio','',NULL,'2026-11-29 21:29:18.691000','2026-11-29 21:30:11.996000');
CREATE TABLE snapshots (
	id TEXT NOT NULL, 
	series TEXT NOT NULL, 
	at DATETIME NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "snapshots" VALUES('86170062e8428c33ad09651586e015acae9f1a6e1ea402127ad43e532a8fdc4c','pier','2026-11-29 21:29:18.680000');
CREATE TABLE "takes" (
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
	account TEXT NOT NULL, 
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
	reported_micros BIGINT, 
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
	CONSTRAINT uq_takes_account_job UNIQUE (account, job_id), 
	CONSTRAINT ck_takes_job CHECK (state NOT IN ('submitted', 'generated') OR job_id IS NOT NULL), 
	CONSTRAINT ck_takes_fingerprint CHECK (state <> 'submitting' OR fingerprint IS NOT NULL), 
	CONSTRAINT ck_takes_clip CHECK (state <> 'done' OR clip IS NOT NULL), 
	CONSTRAINT ck_takes_estimate_micros CHECK (typeof(estimate_micros) IN ('integer', 'null') AND estimate_micros BETWEEN 0 AND 100000000000), 
	CONSTRAINT ck_takes_reserved_micros CHECK (typeof(reserved_micros) IN ('integer', 'null') AND reserved_micros BETWEEN 0 AND 100000000000), 
	CONSTRAINT ck_takes_cost_micros CHECK (typeof(cost_micros) IN ('integer', 'null') AND cost_micros BETWEEN 0 AND 100000000000), 
	CONSTRAINT ck_takes_reported_micros CHECK (typeof(reported_micros) IN ('integer', 'null') AND reported_micros BETWEEN 0 AND 100000000000), 
	FOREIGN KEY(run) REFERENCES runs (id), 
	FOREIGN KEY(rival) REFERENCES takes (id), 
	FOREIGN KEY(charged_run) REFERENCES runs (id)
);
INSERT INTO "takes" VALUES('94db6abb82ea452782f7fecec21d862a','pier','e01/water/010',1,'d53ef094-c936-49fd-8227-ccc181cae7ee-e01-try-bdbb6316726c47bdace1dc01f226e1f7',0,'done','a5d3539aab7d9b092179733bf3ee96fd35e3b95be9a5c9a0ead8f52431d01d22',0,'kinovi','kinovi@stand-in','seedance-20',0,0,0,'e410d899eae91d8fd5e7498e0cdc8663d0057c12c7cfa86ea3df63c7e0a6655f','{"series":"pier","shot":"e01/water/010","provider":"kinovi","account":"kinovi@stand-in","model":"seedance-20","mode":"reference","prompt":"Mara (@image1) ties the boat.\nCamera: slow push in.\nSound: rope on wood.\nMara: keeper of the lamp, forty, grey wool coat; in an oilskin.\nSet in the slipway (@image2): wet planks over black water.\nStyle of @image3: match the colours: flat gouache.","references":[{"token":"@image1","kind":"image","role":"cast","name":"mara.storm","source":"references/cast/mara_storm.webp","sha256":"5c2c1c76e8aab614e806b5ce5fc99fa09c1a5b27d12434b156b55f51c32721f2","fit":"image:png:srgb","frame":null},{"token":"@image2","kind":"image","role":"location","name":"slipway","source":"references/locations/slipway.webp","sha256":"4dd38a8c11c8af6c87c4918212c17ef8227bdf83f153d33658e8e0a01c71cef6","fit":null,"frame":null},{"token":"@image3","kind":"image","role":"style","name":"gouache","source":"references/styles/gouache.webp","sha256":"20a6b8724c9a45c0a54efd9a58338ff2f2ab96b1fe0628946c83415811c17ee6","fit":null,"frame":null}],"duration_s":"4","billed_s":"4","resolution":"480p","aspect_ratio":"16:9","audio":true,"seed":null,"variation":0,"wish":"a5d3539aab7d9b092179733bf3ee96fd35e3b95be9a5c9a0ead8f52431d01d22","width":854,"height":480,"fps":"24","estimated_usd":"0.300000","stated":null,"dropped":[],"notes":["references/cast/mara_storm.webp is sent as image:png:srgb: it has transparency, which becomes white"],"slate":{"key":"water/010","title":"Low water","line":"","camera":"slow push in","beats":"[]"}}',NULL,NULL,'task_c88953388f044353841a2ae96116db74',NULL,300000,0,300000,300000,'60 credits','d53ef094-c936-49fd-8227-ccc181cae7ee-e01-try-bdbb6316726c47bdace1dc01f226e1f7','e01','2026-11-29','{"audio_channels":2,"audio_s":"4.202667","bytes":1500678,"duration_s":"4.000000","fps":"24","frame_times_us":null,"frames":96,"height":496,"sha256":"1c4ef645b5cf5290877189e44f51bd1073a76f821bb61ee974663ceeb5b3411d","width":864}','http://127.0.0.1:8791/clips/kinovi/task_c88953388f044353841a2ae96116db74.mp4?expires=1797197366&signature=ed42a40b3e27ebc00376dd9e86b702e9','2026-12-13 21:29:26.496000',NULL,NULL,'2026-11-29 21:29:19.221000','2026-11-29 21:29:25.265000','2026-11-29 21:29:34.036000');
INSERT INTO "takes" VALUES('e7d6728c181b412295725ebf5e902ea2','pier','e01/water/020',1,'d53ef094-c936-49fd-8227-ccc181cae7ee-e01-try-bdbb6316726c47bdace1dc01f226e1f7',0,'done','3db05978ccc6b4cd5eb3c526fe821fbef689a7f5ae7bb7d1ea92e05190527d51',0,'kinovi','kinovi@stand-in','seedance-20',0,0,0,'2d4e020f2b1c291ad4b372e5d33347c0fc7d146e5bcd6db89d7f41d231e0e875','{"series":"pier","shot":"e01/water/020","provider":"kinovi","account":"kinovi@stand-in","model":"seedance-20","mode":"reference","prompt":"Begin exactly on @image1, the last frame of the shot before.\nVoss (@image2) looks back.\nFrom 0.0 s: still.\nFrom 1.5 s: Voss turns.\nVoss says: \"Is this all of it?\"\nThe action completes within 2.5 seconds.\nVoss: a man with a case.\nSet in the slipway (@image3): wet planks over black water.\nStyle of @image4: match the colours: flat gouache.","references":[{"token":"@image1","kind":"image","role":"continuity","name":"water/010","source":"water/010","sha256":"b67da2f4617bad51fcb42e662aea55e2c20db616c4de77536b0d214f8bd9c1a5","fit":null,"frame":{"clip_sha256":"1c4ef645b5cf5290877189e44f51bd1073a76f821bb61ee974663ceeb5b3411d","index":95}},{"token":"@image2","kind":"image","role":"cast","name":"voss","source":"references/cast/voss.webp","sha256":"9b4278665090af8bff351fc6dcb579306f6448edfd123fded855565e599157cb","fit":"image:png:srgb","frame":null},{"token":"@image3","kind":"image","role":"location","name":"slipway","source":"references/locations/slipway.webp","sha256":"4dd38a8c11c8af6c87c4918212c17ef8227bdf83f153d33658e8e0a01c71cef6","fit":null,"frame":null},{"token":"@image4","kind":"image","role":"style","name":"gouache","source":"references/styles/gouache.webp","sha256":"20a6b8724c9a45c0a54efd9a58338ff2f2ab96b1fe0628946c83415811c17ee6","fit":null,"frame":null}],"duration_s":"2.5","billed_s":"4","resolution":"480p","aspect_ratio":"16:9","audio":true,"seed":null,"variation":0,"wish":"3db05978ccc6b4cd5eb3c526fe821fbef689a7f5ae7bb7d1ea92e05190527d51","width":854,"height":480,"fps":"24","estimated_usd":"0.300000","stated":null,"dropped":[],"notes":["bought 4 s, used 2.5 s","references/cast/voss.webp is sent as image:png:srgb: it has transparency, which becomes white"],"slate":{"key":"water/020","title":"Low water","line":"Voss: Is this all of it?","camera":"","beats":"[0.0, 1.5]"}}','1c4ef645b5cf5290877189e44f51bd1073a76f821bb61ee974663ceeb5b3411d',95,'task_8d124a6267524732a698dc15c97fe271',NULL,300000,0,300000,300000,'60 credits','d53ef094-c936-49fd-8227-ccc181cae7ee-e01-try-bdbb6316726c47bdace1dc01f226e1f7','e01','2026-11-29','{"audio_channels":2,"audio_s":"4.202667","bytes":1386102,"duration_s":"4.000000","fps":"24","frame_times_us":null,"frames":96,"height":496,"sha256":"5c68a0f28df52d3cbde2715716cab0a41ea7bb6893867483d2ddb9c9e5b51678","width":864}','http://127.0.0.1:8791/clips/kinovi/task_8d124a6267524732a698dc15c97fe271.mp4?expires=1797197379&signature=3b0258ff97146ab5b5074e9ce2281a9b','2026-12-13 21:29:39.352000',NULL,NULL,'2026-11-29 21:29:19.221000','2026-11-29 21:29:38.717000','2026-11-29 21:29:50.326000');
INSERT INTO "takes" VALUES('323998f5b28a418fab373a8fab12477c','pier','e01/water/030',1,'d53ef094-c936-49fd-8227-ccc181cae7ee-e01-try-bdbb6316726c47bdace1dc01f226e1f7',0,'done','d369ede19f49c0204fd49afa7d1369077231dfdca0cac1a41fc462b8438b7ba5',0,'kinovi','kinovi@stand-in','seedance-20',0,0,0,'ca9fe6d4dd12471595c16e9b0a4789a5c44c4d8f232e9528182104d9c5d2a489','{"series":"pier","shot":"e01/water/030","provider":"kinovi","account":"kinovi@stand-in","model":"seedance-20","mode":"reference","prompt":"Go on without a break from @video1, the end of the shot before.\nthe boat drifts.\nSet in the slipway (@image1): wet planks over black water.\nStyle of @image2: match the colours: flat gouache.","references":[{"token":"@video1","kind":"video","role":"continuity","name":"water/020","source":"water/020","sha256":"1e91464d5d0da747b3e61f36ad889c3954952c4b6908e37f67da6edcac342044","fit":null,"frame":{"clip_sha256":"5c68a0f28df52d3cbde2715716cab0a41ea7bb6893867483d2ddb9c9e5b51678","index":59}},{"token":"@image1","kind":"image","role":"location","name":"slipway","source":"references/locations/slipway.webp","sha256":"4dd38a8c11c8af6c87c4918212c17ef8227bdf83f153d33658e8e0a01c71cef6","fit":null,"frame":null},{"token":"@image2","kind":"image","role":"style","name":"gouache","source":"references/styles/gouache.webp","sha256":"20a6b8724c9a45c0a54efd9a58338ff2f2ab96b1fe0628946c83415811c17ee6","fit":null,"frame":null}],"duration_s":"4","billed_s":"4","resolution":"480p","aspect_ratio":"16:9","audio":true,"seed":null,"variation":0,"wish":"d369ede19f49c0204fd49afa7d1369077231dfdca0cac1a41fc462b8438b7ba5","width":854,"height":480,"fps":"24","estimated_usd":"0.380000","stated":null,"dropped":[],"notes":[],"slate":{"key":"water/030","title":"Low water","line":"","camera":"","beats":"[]"}}','5c68a0f28df52d3cbde2715716cab0a41ea7bb6893867483d2ddb9c9e5b51678',59,'task_96a638f17aec416c8a70516bddca5ffd',NULL,380000,0,380000,380000,'76 credits','d53ef094-c936-49fd-8227-ccc181cae7ee-e01-try-bdbb6316726c47bdace1dc01f226e1f7','e01','2026-11-29','{"audio_channels":2,"audio_s":"4.202667","bytes":1473171,"duration_s":"4.000000","fps":"24","frame_times_us":null,"frames":96,"height":496,"sha256":"2ec7a2b6463d833f3d914a65ae405e138d77f8af3ae8839c940d7354f64dad3a","width":864}','http://127.0.0.1:8791/clips/kinovi/task_96a638f17aec416c8a70516bddca5ffd.mp4?expires=1797197394&signature=47c1ff4683f0ceda904bd78cff67d35f','2026-12-13 21:29:54.373000',NULL,NULL,'2026-11-29 21:29:19.221000','2026-11-29 21:29:54.017000','2026-11-29 21:30:00.179000');
INSERT INTO "takes" VALUES('b061a703e3f24649b4ca548854fe8261','pier','e01/water/040',1,'d53ef094-c936-49fd-8227-ccc181cae7ee-e01-try-bdbb6316726c47bdace1dc01f226e1f7',0,'done','d0f4cbae5d00271d7bbaa65f2d93c9d111e3bff504094143e5063c190ea49edc',0,'kinovi','kinovi@stand-in','seedance-20',0,1,0,'66702cf4059b30581d3ff2ef0803a9aed188f69529b09a833bc983c7d212f1eb','{"series":"pier","shot":"e01/water/040","provider":"kinovi","account":"kinovi@stand-in","model":"seedance-20","mode":"first_frame","prompt":"Begin exactly on the first frame given, the last frame of the shot before.\nthe boat is gone.\nSet in the slipway: wet planks over black water.\nStyle: flat gouache.","references":[{"token":"","kind":"image","role":"continuity","name":"water/030","source":"water/030","sha256":"b2c6e964d3abb8425c72910b849065e3a095f4ad45c0489ddc756b2fede12102","fit":null,"frame":{"clip_sha256":"2ec7a2b6463d833f3d914a65ae405e138d77f8af3ae8839c940d7354f64dad3a","index":95}}],"duration_s":"4","billed_s":"4","resolution":"480p","aspect_ratio":"16:9","audio":true,"seed":null,"variation":0,"wish":"d0f4cbae5d00271d7bbaa65f2d93c9d111e3bff504094143e5063c190ea49edc","width":854,"height":480,"fps":"24","estimated_usd":"0.300000","stated":null,"dropped":[{"role":"location","name":"slipway","source":"references/locations/slipway.webp","why":"a literal first frame is not taken together with references"},{"role":"style","name":"gouache","source":"references/styles/gouache.webp","why":"a literal first frame is not taken together with references"}],"notes":["beginning on a literal first frame gives up the references of slipway, gouache"],"slate":{"key":"water/040","title":"Low water","line":"","camera":"","beats":"[]"}}','2ec7a2b6463d833f3d914a65ae405e138d77f8af3ae8839c940d7354f64dad3a',95,'task_ff56b685e0c34cefb21b5e2fe575afa8',NULL,300000,0,300000,300000,'60 credits','d53ef094-c936-49fd-8227-ccc181cae7ee-e01-try-bdbb6316726c47bdace1dc01f226e1f7','e01','2026-11-29','{"audio_channels":2,"audio_s":"4.202667","bytes":1500678,"duration_s":"4.000000","fps":"24","frame_times_us":null,"frames":96,"height":496,"sha256":"914c24d2ad481bbba390598619f7442b59efa4338e08f7ffc29d24f77899425b","width":864}','http://127.0.0.1:8791/clips/kinovi/task_ff56b685e0c34cefb21b5e2fe575afa8.mp4?expires=1797197401&signature=6a016a930002ca4f2f95180c271ab99c','2026-12-13 21:30:01.510000',NULL,NULL,'2026-11-29 21:29:19.221000','2026-11-29 21:30:01.061000','2026-11-29 21:30:03.261000');
INSERT INTO "takes" VALUES('a1f207474cc54a83bc43ff705ab519fe','pier','e01/inside/010',1,'d53ef094-c936-49fd-8227-ccc181cae7ee-e01-try-bdbb6316726c47bdace1dc01f226e1f7',0,'done','99ec60e3adf61c2be0ecee615a1d05555191d03c403b7054d27bcc6652c71712',0,'aihubmax','aihubmax@stand-in','seedance-2.0-reference-to-video',0,0,0,'269b0a6519e7377c2346e080eb3715e9842febbc4cad918b87a5428fad46e8c9','{"series":"pier","shot":"e01/inside/010","provider":"aihubmax","account":"aihubmax@stand-in","model":"seedance-2.0-reference-to-video","mode":"reference","prompt":"Mara (@Image1) opens the logbook (@Image2).\nMara: keeper of the lamp, forty, grey wool coat.\nThe logbook: bound in red leather.\nSet in kitchen: a low room with one window.\nStyle of @Image3: match the colours: flat gouache.\nAlso use @Image4 as a guide.\nAlso use @Audio1: as quiet as this.","references":[{"token":"@Image1","kind":"image","role":"cast","name":"mara","source":"references/cast/mara.webp","sha256":"b7a13a837535e95071a8f4a0cd7fe2b1478c669379381d3aff9c47cf8f3ed6e6","fit":"image:png:30000000bytes:srgb","frame":null},{"token":"@Image2","kind":"image","role":"prop","name":"logbook","source":"references/props/logbook.webp","sha256":"e787c105f22dede4028e2d960e8d3c60e82f2f45d3857dcf58da5f1e7d259e56","fit":"image:png:30000000bytes:srgb","frame":null},{"token":"@Image3","kind":"image","role":"style","name":"gouache","source":"references/styles/gouache.webp","sha256":"20a6b8724c9a45c0a54efd9a58338ff2f2ab96b1fe0628946c83415811c17ee6","fit":null,"frame":null},{"token":"@Image4","kind":"image","role":"extra","name":"lamp_room","source":"references/locations/lamp_room.webp","sha256":"f694b36ad4acab01f44bb6b2534e48a05dcb56c86edb62fa2809afbeba976bf8","fit":null,"frame":null},{"token":"@Audio1","kind":"audio","role":"extra","name":"theme","source":"references/music/theme.mp3","sha256":"ed5cd2f5667f2738fb813842122a376bbac266741c981a955c761a14a0dc4c06","fit":"audio:mp3:15s","frame":null}],"duration_s":null,"billed_s":"15","resolution":"480p","aspect_ratio":"16:9","audio":true,"seed":null,"variation":0,"wish":"99ec60e3adf61c2be0ecee615a1d05555191d03c403b7054d27bcc6652c71712","width":864,"height":496,"fps":"24","estimated_usd":"1.500000","stated":{"account":"aihubmax@stand-in","model":"seedance-2.0-reference-to-video","resolution":"480p","with_video":false,"usd_per_second":"0.1","seconds":"15","input_counts":false,"published_usd":null,"vendor_tells":false},"dropped":[],"notes":["the vendor chooses the length; 15 s are reserved","the clip is cropped to the master","references/cast/mara.webp is sent as image:png:30000000bytes:srgb: it has transparency, which becomes white","references/props/logbook.webp is sent as image:png:30000000bytes:srgb: it has transparency, which becomes white","references/music/theme.mp3 is sent as audio:mp3:15s"],"slate":{"key":"inside/010","title":"inside","line":"","camera":"","beats":"[]"}}',NULL,NULL,'task-unified-c8fab345dcf94fcc8b5aedb75300db1d',NULL,1500000,0,1500000,NULL,'billing_rule per_second, user_group default','d53ef094-c936-49fd-8227-ccc181cae7ee-e01-try-bdbb6316726c47bdace1dc01f226e1f7','e01','2026-11-29','{"audio_channels":2,"audio_s":"5.205333","bytes":1729964,"duration_s":"5.000000","fps":"24","frame_times_us":null,"frames":120,"height":496,"sha256":"8cfaff47b713802255d1937a3f88e3af58357455744a2ea14d7394cd9c94abbf","width":864}','http://127.0.0.1:8791/clips/aihubmax/task-unified-c8fab345dcf94fcc8b5aedb75300db1d.mp4?expires=1796074166&signature=ecc549a38549e88e9e731073f2411e3d','2026-11-30 21:29:27.319607',NULL,NULL,'2026-11-29 21:29:19.221000','2026-11-29 21:29:24.923000','2026-11-29 21:29:38.793000');
INSERT INTO "takes" VALUES('ac2615bbe62440cd91ac76efe773a200','pier','e01/inside/020',1,'d53ef094-c936-49fd-8227-ccc181cae7ee-e01-try-bdbb6316726c47bdace1dc01f226e1f7',0,'done','05fa7020447544e4667b07c90440cb7c31204fc3acd336679ac454780ef58eaf',0,'aihubmax','aihubmax@stand-in','seedance-2.0-reference-to-video',0,0,0,'0c1ab8310e39b76ba4fddcd768da0dc2b4dd4183eb6fbda9feec998407c485b9','{"series":"pier","shot":"e01/inside/020","provider":"aihubmax","account":"aihubmax@stand-in","model":"seedance-2.0-reference-to-video","mode":"reference","prompt":"Begin exactly on @Image1, the last frame of the shot before.\nthe page, close.\nSet in kitchen: a low room with one window.\nStyle of @Image2: match the colours: flat gouache.","references":[{"token":"@Image1","kind":"image","role":"continuity","name":"water/010","source":"water/010","sha256":"b67da2f4617bad51fcb42e662aea55e2c20db616c4de77536b0d214f8bd9c1a5","fit":null,"frame":{"clip_sha256":"1c4ef645b5cf5290877189e44f51bd1073a76f821bb61ee974663ceeb5b3411d","index":95}},{"token":"@Image2","kind":"image","role":"style","name":"gouache","source":"references/styles/gouache.webp","sha256":"20a6b8724c9a45c0a54efd9a58338ff2f2ab96b1fe0628946c83415811c17ee6","fit":null,"frame":null}],"duration_s":"4","billed_s":"4","resolution":"480p","aspect_ratio":"16:9","audio":false,"seed":7,"variation":0,"wish":"05fa7020447544e4667b07c90440cb7c31204fc3acd336679ac454780ef58eaf","width":864,"height":496,"fps":"24","estimated_usd":"0.400000","stated":{"account":"aihubmax@stand-in","model":"seedance-2.0-reference-to-video","resolution":"480p","with_video":false,"usd_per_second":"0.1","seconds":"4","input_counts":false,"published_usd":null,"vendor_tells":false},"dropped":[],"notes":["the clip is cropped to the master"],"slate":{"key":"inside/020","title":"inside","line":"","camera":"","beats":"[]"}}','1c4ef645b5cf5290877189e44f51bd1073a76f821bb61ee974663ceeb5b3411d',95,'task-unified-818b2b642bd641b1bdc9f5baf0fb331c',NULL,400000,0,400000,NULL,'billing_rule per_second, user_group default','d53ef094-c936-49fd-8227-ccc181cae7ee-e01-try-bdbb6316726c47bdace1dc01f226e1f7','e01','2026-11-29','{"audio_channels":null,"audio_s":null,"bytes":1300517,"duration_s":"4.000000","fps":"24","frame_times_us":null,"frames":96,"height":496,"sha256":"8510c36ec51b8cf54c76f580cd975b8389e2ce5fec2e97cf043f48f55a12a98e","width":864}','http://127.0.0.1:8791/clips/aihubmax/task-unified-818b2b642bd641b1bdc9f5baf0fb331c.mp4?expires=1796074177&signature=26d5d9eec72cafbc6c08011d67a20bdf','2026-11-30 21:29:37.623624',NULL,NULL,'2026-11-29 21:29:19.221000','2026-11-29 21:29:36.504000','2026-11-29 21:29:43.493000');
INSERT INTO "takes" VALUES('bcc9227bdac044bba6d423e0ccb81621','pier','e01/inside/030',1,'d53ef094-c936-49fd-8227-ccc181cae7ee-e01-try-bdbb6316726c47bdace1dc01f226e1f7',0,'done','723af7a2ecc2c9c65c367c73fb91685294681aef0b7df04c0d9584b49d1f2b72',0,'aihubmax','aihubmax@stand-in','seedance-2.0-reference-to-video',0,0,0,'446aacb64a7372dd6499142076a39cc869aa7a492ea88efca60d2009d4c22eac','{"series":"pier","shot":"e01/inside/030","provider":"aihubmax","account":"aihubmax@stand-in","model":"seedance-2.0-reference-to-video","mode":"reference","prompt":"rain on the window.\nSet in kitchen: a low room with one window.\nStyle of @Image1: match the colours: flat gouache.","references":[{"token":"@Image1","kind":"image","role":"style","name":"gouache","source":"references/styles/gouache.webp","sha256":"20a6b8724c9a45c0a54efd9a58338ff2f2ab96b1fe0628946c83415811c17ee6","fit":null,"frame":null}],"duration_s":"4","billed_s":"4","resolution":"480p","aspect_ratio":"16:9","audio":true,"seed":null,"variation":0,"wish":"723af7a2ecc2c9c65c367c73fb91685294681aef0b7df04c0d9584b49d1f2b72","width":864,"height":496,"fps":"24","estimated_usd":"0.400000","stated":{"account":"aihubmax@stand-in","model":"seedance-2.0-reference-to-video","resolution":"480p","with_video":false,"usd_per_second":"0.1","seconds":"4","input_counts":false,"published_usd":null,"vendor_tells":false},"dropped":[],"notes":["the clip is cropped to the master"],"slate":{"key":"inside/030","title":"inside","line":"","camera":"","beats":"[]"}}',NULL,NULL,'task-unified-f6b7e038aa2b417ea913a6c8aeb9b2af',NULL,400000,0,400000,NULL,'billing_rule per_second, user_group default','d53ef094-c936-49fd-8227-ccc181cae7ee-e01-try-bdbb6316726c47bdace1dc01f226e1f7','e01','2026-11-29','{"audio_channels":2,"audio_s":"4.202667","bytes":1500686,"duration_s":"4.000000","fps":"24","frame_times_us":null,"frames":96,"height":496,"sha256":"bc4c57de58ab945410c4d5bb3fd61a2b942793ff3afa634918938eb2cb6d2c35","width":864}','http://127.0.0.1:8791/clips/aihubmax/task-unified-f6b7e038aa2b417ea913a6c8aeb9b2af.mp4?expires=1796074163&signature=6dd2830bafa6875a1b5a60ee39758b70','2026-11-30 21:29:23.564262',NULL,NULL,'2026-11-29 21:29:19.221000','2026-11-29 21:29:20.591000','2026-11-29 21:29:33.171000');
CREATE INDEX ix_openings_take ON openings (take);
CREATE INDEX ix_events_take ON events (take);
CREATE TRIGGER events_are_never_changed BEFORE UPDATE ON events
BEGIN SELECT RAISE(ABORT, 'the ledger''s events are never changed'); END;
CREATE TRIGGER events_are_never_deleted BEFORE DELETE ON events
BEGIN SELECT RAISE(ABORT, 'the ledger''s events are never deleted'); END;
CREATE INDEX ix_runs_series ON runs (series, created_at);
CREATE INDEX ix_takes_series_wish ON takes (series, wish);
CREATE INDEX ix_takes_account_state ON takes (account, state);
CREATE UNIQUE INDEX uq_takes_live_fingerprint ON takes (series, account, fingerprint) WHERE state IN ('done', 'generated', 'planned', 'submitted', 'submitting', 'unknown');
CREATE INDEX ix_notes_take ON notes (take);
COMMIT;
