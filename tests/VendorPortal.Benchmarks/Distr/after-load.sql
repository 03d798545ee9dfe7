-- The indexes Distr ships, fresh, and statistics.
SET maintenance_work_mem = '1GB';
ALTER TABLE artifactversionpull ADD CONSTRAINT artifactversionpull_pkey PRIMARY KEY (id);
CREATE INDEX fk_artifactversionpull_artifact_version_id ON artifactversionpull (artifact_version_id);
CREATE INDEX fk_artifactversionpull_customer_organization_id ON artifactversionpull (customer_organization_id);
VACUUM (ANALYZE);
