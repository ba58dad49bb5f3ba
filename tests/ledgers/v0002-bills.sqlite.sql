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
INSERT INTO "budgets" VALUES('lighthouse','series','lighthouse',NULL,1.00000000000008e+19,0);
INSERT INTO "budgets" VALUES('lighthouse','episode','e01',NULL,1.00000000000008e+19,0);
INSERT INTO "budgets" VALUES('lighthouse','day','2026-11-29',NULL,1.00000000000008e+19,0);
INSERT INTO "budgets" VALUES('lighthouse','run','3d146b71ad3c4fbeb9d70ad8b9e473ac',NULL,1.00000000000008e+19,0);
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
INSERT INTO "circles" VALUES('lighthouse','e01/lamp/010','63b1305f07734f3ba26c2276b59b80c2',0,0,'','2026-11-29 07:41:08.512000');
INSERT INTO "circles" VALUES('lighthouse','e01/lamp/020','b59a57b068044a32adeaa29697a9248a',0,0,'','2026-11-29 07:41:08.536000');
INSERT INTO "circles" VALUES('lighthouse','e01/lamp/030','4bb1d2fab4c24ab0b6e2cffbbb9dd80b',0,0,'','2026-11-29 07:41:08.554000');
CREATE TABLE derived (
	"key" TEXT NOT NULL, 
	sha256 TEXT NOT NULL, 
	at DATETIME NOT NULL, 
	PRIMARY KEY ("key")
);
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
INSERT INTO "events" VALUES(1,'63b1305f07734f3ba26c2276b59b80c2','2026-11-29 07:41:08.486000',NULL,'planned','3d146b71ad3c4fbeb9d70ad8b9e473ac','studio','opened',0);
INSERT INTO "events" VALUES(2,'63b1305f07734f3ba26c2276b59b80c2','2026-11-29 07:41:08.492000','planned','submitting','3d146b71ad3c4fbeb9d70ad8b9e473ac','studio','claimed by ann, $1.00 reserved',0);
INSERT INTO "events" VALUES(3,'63b1305f07734f3ba26c2276b59b80c2','2026-11-29 07:41:08.502000','submitting','submitted','3d146b71ad3c4fbeb9d70ad8b9e473ac','studio','job job-63b1305f07734f3ba26c2276b59b80c2',0);
INSERT INTO "events" VALUES(4,'63b1305f07734f3ba26c2276b59b80c2','2026-11-29 07:41:08.505000','submitted','generated','3d146b71ad3c4fbeb9d70ad8b9e473ac','studio','take 1 of e01/lamp/010 cost $5000000000000.00, more than the $1.00 reserved for it',1);
INSERT INTO "events" VALUES(5,'63b1305f07734f3ba26c2276b59b80c2','2026-11-29 07:41:08.512000','generated','done','3d146b71ad3c4fbeb9d70ad8b9e473ac','studio','clip 4a39100a87523dd878ef4a6c33dd29a1495f5770e341dcc76792e400ecaaddd5',0);
INSERT INTO "events" VALUES(6,'63b1305f07734f3ba26c2276b59b80c2','2026-11-29 07:41:08.512000','done','done','3d146b71ad3c4fbeb9d70ad8b9e473ac','studio','circled for e01/lamp/010',0);
INSERT INTO "events" VALUES(7,'b59a57b068044a32adeaa29697a9248a','2026-11-29 07:41:08.521000',NULL,'planned','3d146b71ad3c4fbeb9d70ad8b9e473ac','studio','opened',0);
INSERT INTO "events" VALUES(8,'b59a57b068044a32adeaa29697a9248a','2026-11-29 07:41:08.524000','planned','submitting','3d146b71ad3c4fbeb9d70ad8b9e473ac','studio','claimed by ann, $1.00 reserved',0);
INSERT INTO "events" VALUES(9,'b59a57b068044a32adeaa29697a9248a','2026-11-29 07:41:08.530000','submitting','submitted','3d146b71ad3c4fbeb9d70ad8b9e473ac','studio','job job-b59a57b068044a32adeaa29697a9248a',0);
INSERT INTO "events" VALUES(10,'b59a57b068044a32adeaa29697a9248a','2026-11-29 07:41:08.532000','submitted','generated','3d146b71ad3c4fbeb9d70ad8b9e473ac','studio','take 1 of e01/lamp/020 cost $5000000000000.00, more than the $1.00 reserved for it',1);
INSERT INTO "events" VALUES(11,'b59a57b068044a32adeaa29697a9248a','2026-11-29 07:41:08.536000','generated','done','3d146b71ad3c4fbeb9d70ad8b9e473ac','studio','clip d689e6f868cb4d0eeba0f81b83a7dbf005b8063c46400f3c8045d0fd6fb131ff',0);
INSERT INTO "events" VALUES(12,'b59a57b068044a32adeaa29697a9248a','2026-11-29 07:41:08.536000','done','done','3d146b71ad3c4fbeb9d70ad8b9e473ac','studio','circled for e01/lamp/020',0);
INSERT INTO "events" VALUES(13,'4bb1d2fab4c24ab0b6e2cffbbb9dd80b','2026-11-29 07:41:08.540000',NULL,'planned','3d146b71ad3c4fbeb9d70ad8b9e473ac','studio','opened',0);
INSERT INTO "events" VALUES(14,'4bb1d2fab4c24ab0b6e2cffbbb9dd80b','2026-11-29 07:41:08.543000','planned','submitting','3d146b71ad3c4fbeb9d70ad8b9e473ac','studio','claimed by ann, $1.00 reserved',0);
INSERT INTO "events" VALUES(15,'4bb1d2fab4c24ab0b6e2cffbbb9dd80b','2026-11-29 07:41:08.548000','submitting','submitted','3d146b71ad3c4fbeb9d70ad8b9e473ac','studio','job job-4bb1d2fab4c24ab0b6e2cffbbb9dd80b',0);
INSERT INTO "events" VALUES(16,'4bb1d2fab4c24ab0b6e2cffbbb9dd80b','2026-11-29 07:41:08.551000','submitted','generated','3d146b71ad3c4fbeb9d70ad8b9e473ac','studio','cost $0.80',0);
INSERT INTO "events" VALUES(17,'4bb1d2fab4c24ab0b6e2cffbbb9dd80b','2026-11-29 07:41:08.554000','generated','done','3d146b71ad3c4fbeb9d70ad8b9e473ac','studio','clip 9b8d208d4f6a41d41de00217a85da8505e5602c9f5b0a0ffed3c861fbfb7348e',0);
INSERT INTO "events" VALUES(18,'4bb1d2fab4c24ab0b6e2cffbbb9dd80b','2026-11-29 07:41:08.554000','done','done','3d146b71ad3c4fbeb9d70ad8b9e473ac','studio','circled for e01/lamp/030',0);
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
INSERT INTO "openings" VALUES(1,'3d146b71ad3c4fbeb9d70ad8b9e473ac','e01/lamp/010',0,'63b1305f07734f3ba26c2276b59b80c2','2026-11-29 07:41:08.486000');
INSERT INTO "openings" VALUES(2,'3d146b71ad3c4fbeb9d70ad8b9e473ac','e01/lamp/020',0,'b59a57b068044a32adeaa29697a9248a','2026-11-29 07:41:08.521000');
INSERT INTO "openings" VALUES(3,'3d146b71ad3c4fbeb9d70ad8b9e473ac','e01/lamp/030',0,'4bb1d2fab4c24ab0b6e2cffbbb9dd80b','2026-11-29 07:41:08.540000');
CREATE TABLE origins (
	origin TEXT NOT NULL, 
	stopped_why TEXT, 
	stopped_at DATETIME, 
	acknowledged_event INTEGER NOT NULL, 
	PRIMARY KEY (origin)
);
INSERT INTO "origins" VALUES('https://api.acme.example',NULL,NULL,12);
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
INSERT INTO "runs" VALUES('3d146b71ad3c4fbeb9d70ad8b9e473ac','lighthouse','e01','snapshot','studio','',NULL,'2026-11-29 07:41:08.480000',NULL);
CREATE TABLE snapshots (
	id TEXT NOT NULL, 
	series TEXT NOT NULL, 
	at DATETIME NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "snapshots" VALUES('snapshot','lighthouse','2026-11-29 07:41:08.480000');
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
INSERT INTO "takes" VALUES('63b1305f07734f3ba26c2276b59b80c2','lighthouse','e01/lamp/010',1,'3d146b71ad3c4fbeb9d70ad8b9e473ac',0,'done','wish of e01/lamp/010',0,'acme','https://api.acme.example','acme-1',0,0,0,'order 63b1305f07734f3ba26c2276b59b80c2','{"prompt": "a lamp"}',NULL,NULL,'job-63b1305f07734f3ba26c2276b59b80c2',NULL,1000000,0,5000000000000000000,'200 credits','3d146b71ad3c4fbeb9d70ad8b9e473ac','e01','2026-11-29','{"audio_s":"2.02","bytes":4096,"duration_s":"2.002","fps":"24000/1001","frame_times_us":[0,41708],"frames":48,"height":90,"sha256":"4a39100a87523dd878ef4a6c33dd29a1495f5770e341dcc76792e400ecaaddd5","width":160}','https://cdn.acme.example/1.mp4?sig=x',NULL,NULL,NULL,'2026-11-29 07:41:08.486000','2026-11-29 07:41:08.492000','2026-11-29 07:41:08.512000');
INSERT INTO "takes" VALUES('b59a57b068044a32adeaa29697a9248a','lighthouse','e01/lamp/020',1,'3d146b71ad3c4fbeb9d70ad8b9e473ac',0,'done','wish of e01/lamp/020',0,'acme','https://api.acme.example','acme-1',0,0,0,'order b59a57b068044a32adeaa29697a9248a','{"prompt": "a lamp"}',NULL,NULL,'job-b59a57b068044a32adeaa29697a9248a',NULL,1000000,0,5000000000000000000,'200 credits','3d146b71ad3c4fbeb9d70ad8b9e473ac','e01','2026-11-29','{"audio_s":"2.02","bytes":4096,"duration_s":"2.002","fps":"24000/1001","frame_times_us":[0,41708],"frames":48,"height":90,"sha256":"d689e6f868cb4d0eeba0f81b83a7dbf005b8063c46400f3c8045d0fd6fb131ff","width":160}','https://cdn.acme.example/1.mp4?sig=x',NULL,NULL,NULL,'2026-11-29 07:41:08.521000','2026-11-29 07:41:08.524000','2026-11-29 07:41:08.536000');
INSERT INTO "takes" VALUES('4bb1d2fab4c24ab0b6e2cffbbb9dd80b','lighthouse','e01/lamp/030',1,'3d146b71ad3c4fbeb9d70ad8b9e473ac',0,'done','wish of e01/lamp/030',0,'acme','https://api.acme.example','acme-1',0,0,0,'order 4bb1d2fab4c24ab0b6e2cffbbb9dd80b','{"prompt": "a lamp"}',NULL,NULL,'job-4bb1d2fab4c24ab0b6e2cffbbb9dd80b',NULL,1000000,0,800000,'200 credits','3d146b71ad3c4fbeb9d70ad8b9e473ac','e01','2026-11-29','{"audio_s":"2.02","bytes":4096,"duration_s":"2.002","fps":"24000/1001","frame_times_us":[0,41708],"frames":48,"height":90,"sha256":"9b8d208d4f6a41d41de00217a85da8505e5602c9f5b0a0ffed3c861fbfb7348e","width":160}','https://cdn.acme.example/1.mp4?sig=x',NULL,NULL,NULL,'2026-11-29 07:41:08.540000','2026-11-29 07:41:08.543000','2026-11-29 07:41:08.554000');
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
