-- Bulk load as kind as it can be: no foreign-key triggers, no indexes on the log, no wait for the disk.
SET session_replication_role = replica;
SET synchronous_commit = off;
ALTER TABLE artifactversionpull DROP CONSTRAINT artifactversionpull_pkey;
DROP INDEX fk_artifactversionpull_artifact_version_id, fk_artifactversionpull_customer_organization_id;
