-- Re-creates the shape of the part of Distr's PostgreSQL schema that its Downloads page touches (the Distr project,
-- https://github.com/distr-sh/distr, Apache-2.0; own wording), for comparison: the same pulls are put into it and into the portal.
-- Columns that no query here needs are kept as same-typed filler, so that row widths stay comparable. PostgreSQL 15 or newer.

CREATE TYPE user_role AS ENUM ('read_only', 'read_write', 'admin');
CREATE TYPE feature AS ENUM ('licensing', 'artifact_version_mutable', 'partner_management');
CREATE TYPE customer_organization_feature AS ENUM ('deployment_targets', 'artifacts');
CREATE TYPE upstream_auth_type AS ENUM ('basic', 'aws_ecr');

CREATE TABLE organization (
  id          uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  created_at  timestamp DEFAULT current_timestamp,
  name        text NOT NULL,
  slug        text UNIQUE,
  features    feature[] NOT NULL DEFAULT ARRAY[]::feature[],
  artifact_tag_limit int DEFAULT NULL,
  deleted_at  timestamptz
);
CREATE INDEX organization_slug ON organization (slug);

CREATE TABLE useraccount (
  id                uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  created_at        timestamp DEFAULT current_timestamp,
  email             text NOT NULL UNIQUE,
  email_verified_at timestamp,
  filler_1          bytea,
  filler_2          bytea,
  name              text,
  last_logged_in_at timestamp DEFAULT NULL,
  image_id          uuid,
  last_used_organization_id uuid DEFAULT NULL
                    REFERENCES organization (id) ON DELETE SET NULL,
  filler_3          text,
  filler_4          boolean NOT NULL DEFAULT false,
  filler_5          timestamptz,
  is_super_admin    boolean NOT NULL DEFAULT false
);

CREATE TABLE partnerorganization (
  id              uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  created_at      timestamp NOT NULL DEFAULT current_timestamp,
  organization_id uuid NOT NULL REFERENCES organization (id) ON DELETE CASCADE,
  name            text NOT NULL
);
CREATE INDEX fk_partnerorganization_organization_id ON partnerorganization (organization_id);

CREATE TABLE customerorganization (
  id              uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  created_at      timestamp DEFAULT current_timestamp,
  organization_id uuid NOT NULL REFERENCES organization (id) ON DELETE CASCADE,
  image_id        uuid,
  name            text NOT NULL,
  features        customer_organization_feature[] NOT NULL
                  DEFAULT '{deployment_targets,artifacts}',
  partner_organization_id uuid REFERENCES partnerorganization (id) ON DELETE SET NULL
);
CREATE INDEX fk_customerorganization_organization_id ON customerorganization (organization_id);
CREATE INDEX fk_customerorganization_partner_organization_id ON customerorganization (partner_organization_id);

CREATE TABLE artifact (
  id              uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  created_at      timestamp DEFAULT current_timestamp,
  name            text NOT NULL,
  organization_id uuid NOT NULL REFERENCES organization (id) ON DELETE CASCADE,
  image_id        uuid,
  upstream_url    text,
  last_synced_at  timestamp,
  last_sync_error text,
  upstream_auth_type upstream_auth_type,
  filler_6           text,
  filler_7           text,
  CONSTRAINT artifact_unique_name UNIQUE (organization_id, name)
);
CREATE INDEX fk_artifact_organization_id ON artifact (organization_id);

CREATE TABLE artifactversion (
  id                        uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  created_at                timestamp DEFAULT current_timestamp,
  created_by_useraccount_id uuid REFERENCES useraccount (id) ON DELETE SET NULL,
  updated_at                timestamp DEFAULT current_timestamp,
  updated_by_useraccount_id uuid REFERENCES useraccount (id) ON DELETE SET NULL,
  name                      text NOT NULL,
  manifest_blob_digest      text NOT NULL,
  manifest_content_type     text NOT NULL,
  artifact_id               uuid NOT NULL REFERENCES artifact (id) ON DELETE CASCADE,
  manifest_blob_size        bigint NOT NULL,
  manifest_data             bytea,
  CONSTRAINT artifactversion_unique_name UNIQUE (artifact_id, name)
);
CREATE INDEX fk_artifactversion_artifact_id ON artifactversion (artifact_id);
CREATE INDEX artifactversion_manifest_blob_digest ON artifactversion (manifest_blob_digest);

CREATE TABLE artifactversionpull (
  id                  uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  created_at          timestamp DEFAULT current_timestamp,
  artifact_version_id uuid NOT NULL REFERENCES artifactversion (id) ON DELETE CASCADE,
  useraccount_id      uuid REFERENCES useraccount (id) ON DELETE SET NULL,
  remote_address      text DEFAULT NULL,
  customer_organization_id uuid REFERENCES customerorganization (id) ON DELETE CASCADE
);
CREATE INDEX fk_artifactversionpull_artifact_version_id ON artifactversionpull (artifact_version_id);
CREATE INDEX fk_artifactversionpull_customer_organization_id ON artifactversionpull (customer_organization_id);
