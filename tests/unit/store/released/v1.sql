-- A database as version 1 of the schema left it. Never edited: later versions must be able to open it.
BEGIN TRANSACTION;
CREATE TABLE "_sqlite_migrations" (
   "id" INTEGER PRIMARY KEY,
   "migration_set" TEXT,
   "name" TEXT,
   "applied_at" TEXT
);
INSERT INTO "_sqlite_migrations" VALUES(1,'strowger','v1','2026-11-22 00:00:00+00:00');
CREATE TABLE agent_log (
        id INTEGER PRIMARY KEY,
        user_id INTEGER NOT NULL REFERENCES user (id),
        at REAL NOT NULL,
        state TEXT NOT NULL CHECK (state IN
            ('logged_out', 'ready', 'reserved', 'talking', 'wrap_up', 'paused')),
        reason TEXT NOT NULL DEFAULT ''
    ) STRICT;
INSERT INTO "agent_log" VALUES(1,1,1780000000.0,'ready','');
CREATE TABLE attempt (
        id INTEGER PRIMARY KEY,
        uid TEXT NOT NULL UNIQUE CHECK (length(uid) = 26),
        campaign_id INTEGER NOT NULL REFERENCES campaign (id),
        contact_id INTEGER NOT NULL, -- no foreign key: an attempt outlives a deleted list as proof
        number INTEGER NOT NULL CHECK (number BETWEEN 1 AND 999999999999999),
        permit TEXT NOT NULL CHECK (json_valid(permit)),
        state TEXT NOT NULL CHECK (state IN
            ('intent', 'ringing', 'answered', 'talking', 'wrap_up', 'closed', 'interrupted')),
        sent INTEGER NOT NULL DEFAULT 1 CHECK (sent IN (0, 1)), -- 0: taken back, its INVITE never left
        started_at REAL NOT NULL,
        ringing_at REAL,
        answered_at REAL,
        verdict_at REAL,
        reserved_at REAL,
        talking_at REAL,
        ended_at REAL,
        disposed_at REAL,
        verdict TEXT CHECK (verdict IN ('human', 'machine', 'fax', 'intercept', 'silence', 'unsure')),
        verdict_confidence REAL,
        verdict_cause TEXT NOT NULL DEFAULT '',
        verdict_figures TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(verdict_figures)),
        live INTEGER NOT NULL DEFAULT 0 CHECK (live IN (0, 1)), -- 1: answered by a person
        user_id INTEGER REFERENCES user (id),
        hangup_cause TEXT CHECK (hangup_cause IN ('normal', 'busy', 'no_answer', 'cancelled', 'rejected',
            'not_found', 'unavailable', 'network_failure', 'media_lost', 'too_long', 'our_fault')),
        ended_by TEXT CHECK (ended_by IN ('customer', 'agent', 'box')),
        sip_code INTEGER,
        disposition TEXT CHECK (disposition IN ('contacted', 'callback', 'do_not_call', 'wrong_number',
            'machine', 'fax', 'intercept', 'silence', 'busy', 'no_answer', 'rejected', 'unreachable', 'failed',
            'abandoned', 'hung_up', 'interrupted')),
        wrap_up_code TEXT,
        note TEXT NOT NULL DEFAULT '',
        key TEXT NOT NULL DEFAULT '',
        recording TEXT,
        CHECK ((disposition IS NULL) = (state NOT IN ('closed', 'interrupted'))),
        CHECK ((disposition IS NULL) = (disposed_at IS NULL))
    ) STRICT;
INSERT INTO "attempt" VALUES(1,'01KSR492006K26SV7JFFSCVCCM',1,1,493023125000,'{"attempts_before":0,"caller_id":"+493023125999","decided_at":1780000000.0,"dnc_lists":{"Opt-outs":1},"last_attempt_at":null,"local_time":"2026-05-28T22:26:40+02:00","number":"+493023125000","rule_version":"test","window":"Thu 00:00-24:00","zone":"Europe/Berlin"}','closed',1,1780000000.0,NULL,1780000003.0,1780000004.0,NULL,1780000004.1,1780000060.0,1780000070.0,'human',0.9,'greeting','{"speech_ms":640.0}',1,1,'normal','customer',200,'contacted','contacted','a note','key',NULL);
INSERT INTO "attempt" VALUES(2,'01KSR49200J5KHCKJVXEM5XYG7',1,2,493023125001,'{"attempts_before":0,"caller_id":"+493023125999","decided_at":1780000000.0,"dnc_lists":{"Opt-outs":1},"last_attempt_at":null,"local_time":"2026-05-28T22:26:40+02:00","number":"+493023125001","rule_version":"test","window":"Thu 00:00-24:00","zone":"Europe/Berlin"}','intent',1,1780000000.0,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'','{}',0,NULL,NULL,NULL,NULL,NULL,NULL,'','',NULL);
CREATE TABLE campaign (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        name TEXT NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('draft', 'running', 'paused', 'stopped', 'finished')),
        contact_list_id INTEGER REFERENCES contact_list (id),
        settings TEXT NOT NULL CHECK (json_valid(settings)),
        created_at REAL NOT NULL,
        changed_at REAL NOT NULL,
        started_at REAL,
        ended_at REAL
    ) STRICT;
INSERT INTO "campaign" VALUES(1,'Released','running',1,'{"abandon_target":0.03,"agent_ids":[],"amd_enabled":true,"amd_sensitivity":"balanced","automatic_wrap_up_code":"contacted","caller_id":"+493023125999","contact_list_id":1,"country":"DE","default_zone":"Europe/Berlin","dnc_list_ids":[],"hold_s":2.0,"max_attempts":3,"min_gap_s":14400.0,"mode":"progressive","name":"Released","record_calls":false,"retry":{"busy":{"delay_s":600.0,"max_attempts":3}},"ring_timeout_s":25.0,"trunk":"","windows":[{"end_min":1080,"start_min":540,"weekday":0}],"wrap_up_codes":[{"code":"contacted","digit":1,"disposition":"contacted","label_de":"Erreicht","label_en":"Contacted"}],"wrap_up_limit_s":60.0}',1780000000.0,1780000000.0,1780000000.0,NULL);
CREATE TABLE campaign_count (
        campaign_id INTEGER NOT NULL,
        what TEXT NOT NULL,
        n INTEGER NOT NULL,
        PRIMARY KEY (campaign_id, what)
    ) STRICT, WITHOUT ROWID;
INSERT INTO "campaign_count" VALUES(1,'answered',1);
INSERT INTO "campaign_count" VALUES(1,'attempts',2);
INSERT INTO "campaign_count" VALUES(1,'disposition:contacted',1);
INSERT INTO "campaign_count" VALUES(1,'live',1);
INSERT INTO "campaign_count" VALUES(1,'verdict:human',1);
CREATE TABLE contact (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        list_id INTEGER NOT NULL REFERENCES contact_list (id),
        number INTEGER NOT NULL CHECK (number BETWEEN 1 AND 999999999999999),
        name TEXT NOT NULL,
        zones TEXT NOT NULL,
        priority INTEGER NOT NULL CHECK (priority BETWEEN -99 AND 99),
        fields TEXT NOT NULL CHECK (json_valid(fields)),
        state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'in_flight', 'closed')),
        next_at REAL NOT NULL DEFAULT 0,
        attempts INTEGER NOT NULL DEFAULT 0 CHECK (attempts >= 0),
        last_attempt_at REAL,
        closed_reason TEXT CHECK ((closed_reason IS NOT NULL) = (state = 'closed')),
        UNIQUE (list_id, number)
    ) STRICT;
INSERT INTO "contact" VALUES(1,1,493023125000,'Person 0','Europe/Berlin',0,'{}','closed',0.0,1,1780000000.0,'contacted');
INSERT INTO "contact" VALUES(2,1,493023125001,'Person 1','Europe/Berlin',0,'{}','in_flight',0.0,1,1780000000.0,NULL);
INSERT INTO "contact" VALUES(3,1,493023125002,'Person 2','Europe/Berlin',0,'{}','open',0.0,0,NULL,NULL);
CREATE TABLE contact_import (
        id INTEGER PRIMARY KEY,
        list_id INTEGER NOT NULL REFERENCES contact_list (id),
        at REAL NOT NULL,
        file_name TEXT NOT NULL,
        rows INTEGER NOT NULL,
        new INTEGER NOT NULL,
        duplicate INTEGER NOT NULL,
        damaged INTEGER NOT NULL,
        report TEXT
    ) STRICT;
INSERT INTO "contact_import" VALUES(1,1,1780000000.0,'a.csv',3,3,0,0,NULL);
CREATE TABLE contact_list (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        name TEXT NOT NULL CHECK (name <> ''),
        created_at REAL NOT NULL,
        deleted_at REAL
    ) STRICT;
INSERT INTO "contact_list" VALUES(1,'list from 0',1780000000.0,NULL);
CREATE TABLE dnc_change (
        id INTEGER PRIMARY KEY,
        list_id INTEGER NOT NULL,
        version INTEGER NOT NULL,
        at REAL NOT NULL,
        act TEXT NOT NULL CHECK (act IN ('added', 'removed')),
        source TEXT NOT NULL,
        numbers INTEGER NOT NULL,
        UNIQUE (list_id, version)
    ) STRICT;
INSERT INTO "dnc_change" VALUES(1,1,2,1780000000.0,'added','key 9',1);
CREATE TABLE dnc_entry (
        entry INTEGER PRIMARY KEY, -- list id x 10^15 + E.164 digits: one small tree, one look-up
        change_id INTEGER NOT NULL
    ) STRICT;
INSERT INTO "dnc_entry" VALUES(1000493023125700,1);
CREATE TABLE dnc_list (
        id INTEGER PRIMARY KEY AUTOINCREMENT CHECK (id BETWEEN 1 AND 9000),
        name TEXT NOT NULL UNIQUE COLLATE NOCASE CHECK (name <> ''),
        version INTEGER NOT NULL DEFAULT 1,
        entries INTEGER NOT NULL DEFAULT 0,
        created_at REAL NOT NULL
    ) STRICT;
INSERT INTO "dnc_list" VALUES(1,'Opt-outs',2,1,0.0);
CREATE TABLE list_count (
        list_id INTEGER NOT NULL,
        what TEXT NOT NULL,
        n INTEGER NOT NULL,
        PRIMARY KEY (list_id, what)
    ) STRICT, WITHOUT ROWID;
INSERT INTO "list_count" VALUES(1,'closed',1);
INSERT INTO "list_count" VALUES(1,'closed:contacted',1);
INSERT INTO "list_count" VALUES(1,'in_flight',1);
INSERT INTO "list_count" VALUES(1,'open',1);
CREATE TABLE pacing_log (
        id INTEGER PRIMARY KEY,
        campaign_id INTEGER NOT NULL,
        at REAL NOT NULL,
        starts INTEGER NOT NULL,
        reason TEXT NOT NULL,
        figures TEXT NOT NULL CHECK (json_valid(figures))
    ) STRICT;
INSERT INTO "pacing_log" VALUES(1,1,1780000000.0,2,'r','{}');
CREATE TABLE session (
        token_hash TEXT PRIMARY KEY,
        user_id INTEGER NOT NULL REFERENCES user (id),
        created_at REAL NOT NULL,
        seen_at REAL NOT NULL,
        expires_at REAL NOT NULL
    ) STRICT, WITHOUT ROWID;
INSERT INTO "session" VALUES('h',1,1780000000.0,1780000000.0,1780000060.0);
CREATE TABLE setting (
        key TEXT PRIMARY KEY,
        value TEXT NOT NULL CHECK (json_valid(value))
    ) STRICT, WITHOUT ROWID;
INSERT INTO "setting" VALUES('k','1');
CREATE TABLE user (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        login TEXT NOT NULL COLLATE NOCASE CHECK (login <> ''),
        name TEXT NOT NULL,
        role TEXT NOT NULL CHECK (role IN ('agent', 'administrator')),
        password_hash TEXT NOT NULL,
        phone_user TEXT UNIQUE,
        phone_ha1 TEXT,
        phone_mode TEXT NOT NULL CHECK (phone_mode IN ('per_call', 'nailed_up')),
        language TEXT NOT NULL,
        active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1)),
        created_at REAL NOT NULL
    ) STRICT;
INSERT INTO "user" VALUES(1,'anna','Anna','agent','scrypt$x',NULL,NULL,'per_call','en',1,1780000000.0);
CREATE UNIQUE INDEX "idx__sqlite_migrations_migration_set_name"
    ON "_sqlite_migrations" ("migration_set", "name");
CREATE UNIQUE INDEX user_login ON user (login) WHERE active = 1;
CREATE INDEX contact_open ON contact (list_id, zones, priority DESC, next_at) WHERE state = 'open';
CREATE UNIQUE INDEX contact_in_flight ON contact (number) WHERE state = 'in_flight';
CREATE TRIGGER contact_added AFTER INSERT ON contact BEGIN
        INSERT INTO list_count VALUES (NEW.list_id, NEW.state, 1) ON CONFLICT DO UPDATE SET n = n + 1;
    END;
CREATE TRIGGER contact_moved AFTER UPDATE OF state ON contact WHEN OLD.state <> NEW.state BEGIN
        UPDATE list_count SET n = n - 1 WHERE list_id = OLD.list_id
            AND (what = OLD.state OR what = 'closed:' || OLD.closed_reason);
        INSERT INTO list_count VALUES (NEW.list_id, NEW.state, 1) ON CONFLICT DO UPDATE SET n = n + 1;
        INSERT INTO list_count SELECT NEW.list_id, 'closed:' || NEW.closed_reason, 1
            WHERE NEW.closed_reason IS NOT NULL ON CONFLICT DO UPDATE SET n = n + 1;
    END;
CREATE TRIGGER contact_removed AFTER DELETE ON contact BEGIN
        UPDATE list_count SET n = n - 1 WHERE list_id = OLD.list_id
            AND (what = OLD.state OR what = 'closed:' || OLD.closed_reason);
    END;
CREATE UNIQUE INDEX attempt_open ON attempt (contact_id) WHERE disposition IS NULL;
CREATE INDEX attempt_by_number ON attempt (number);
CREATE INDEX attempt_by_campaign ON attempt (campaign_id);
CREATE INDEX attempt_by_user ON attempt (user_id, talking_at) WHERE user_id IS NOT NULL;
CREATE TRIGGER attempt_final BEFORE UPDATE ON attempt WHEN OLD.disposition IS NOT NULL
        AND (NEW.disposition IS NOT OLD.disposition OR NEW.state IS NOT OLD.state) BEGIN
        SELECT RAISE(ABORT, 'an attempt has one disposition');
    END;
CREATE TRIGGER attempt_kept BEFORE UPDATE OF uid, campaign_id, contact_id, number, permit, started_at
        ON attempt BEGIN
        SELECT RAISE(ABORT, 'an attempt and its permit are never rewritten');
    END;
CREATE TRIGGER attempt_counted AFTER INSERT ON attempt BEGIN
        INSERT INTO campaign_count VALUES (NEW.campaign_id, 'attempts', 1) ON CONFLICT DO UPDATE SET n = n + 1;
    END;
CREATE TRIGGER attempt_taken_back AFTER UPDATE OF sent ON attempt WHEN OLD.sent = 1 AND NEW.sent = 0 BEGIN
        UPDATE campaign_count SET n = n - 1 WHERE campaign_id = NEW.campaign_id AND what = 'attempts';
        INSERT INTO campaign_count VALUES (NEW.campaign_id, 'taken_back', 1) ON CONFLICT DO UPDATE SET n = n + 1;
    END;
CREATE TRIGGER attempt_answered AFTER UPDATE OF answered_at ON attempt
        WHEN OLD.answered_at IS NULL AND NEW.answered_at IS NOT NULL BEGIN
        INSERT INTO campaign_count VALUES (NEW.campaign_id, 'answered', 1) ON CONFLICT DO UPDATE SET n = n + 1;
    END;
CREATE TRIGGER attempt_judged AFTER UPDATE OF verdict ON attempt WHEN OLD.verdict IS NOT NEW.verdict BEGIN
        UPDATE campaign_count SET n = n - 1
            WHERE campaign_id = NEW.campaign_id AND what = 'verdict:' || OLD.verdict;
        INSERT INTO campaign_count SELECT NEW.campaign_id, 'verdict:' || NEW.verdict, 1
            WHERE NEW.verdict IS NOT NULL ON CONFLICT DO UPDATE SET n = n + 1;
    END;
CREATE TRIGGER attempt_live AFTER UPDATE OF live ON attempt WHEN OLD.live = 0 AND NEW.live = 1 BEGIN
        INSERT INTO campaign_count VALUES (NEW.campaign_id, 'live', 1) ON CONFLICT DO UPDATE SET n = n + 1;
    END;
CREATE TRIGGER attempt_disposed AFTER UPDATE OF disposition ON attempt
        WHEN OLD.disposition IS NULL AND NEW.disposition IS NOT NULL AND NEW.sent = 1 BEGIN
        INSERT INTO campaign_count VALUES (NEW.campaign_id, 'disposition:' || NEW.disposition, 1)
            ON CONFLICT DO UPDATE SET n = n + 1;
    END;
CREATE INDEX agent_log_by_user ON agent_log (user_id, at);
CREATE INDEX pacing_log_by_campaign ON pacing_log (campaign_id, at);
CREATE INDEX pacing_log_by_time ON pacing_log (at);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('dnc_list',1);
INSERT INTO "sqlite_sequence" VALUES('contact_list',1);
INSERT INTO "sqlite_sequence" VALUES('contact',3);
INSERT INTO "sqlite_sequence" VALUES('campaign',1);
INSERT INTO "sqlite_sequence" VALUES('user',1);
COMMIT;
