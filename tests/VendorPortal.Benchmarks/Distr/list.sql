-- Re-creates the shape (joins, predicates, order, paging, selected columns) of the queries behind Distr's Downloads page and its CSV
-- export (the Distr project, https://github.com/distr-sh/distr, Apache-2.0; written by hand), for comparison. Prepared, as its driver
-- prepares them. $1 organisation, $2 created before, $3 not a partner, $4 partner, $5 rows; further ones are the filters.

\set cols 'p.created_at, p.remote_address, CASE WHEN u.id IS NOT NULL THEN ROW(u.id,u.created_at,u.email,u.email_verified_at,u.email_verified_at IS NOT NULL,u.filler_1,u.filler_2,u.name,u.image_id,u.last_used_organization_id,u.filler_3,u.filler_4,u.filler_5,u.is_super_admin) ELSE NULL END AS u, CASE WHEN co.id IS NOT NULL THEN ROW(co.id,co.created_at,co.organization_id,co.image_id,co.name,co.features,co.partner_organization_id) ELSE NULL END AS co, ROW(a.id,a.created_at,a.organization_id,a.name,a.image_id,a.upstream_url,a.last_synced_at,a.last_sync_error,a.upstream_auth_type,a.filler_6,a.filler_7) AS a, ROW(v.id,v.created_at,v.created_by_useraccount_id,v.updated_at,v.updated_by_useraccount_id,v.name,v.manifest_blob_digest,v.manifest_blob_size,v.manifest_content_type,v.manifest_data,v.artifact_id) AS v'
\set src 'FROM artifactversionpull p LEFT JOIN useraccount u ON u.id = p.useraccount_id LEFT JOIN customerorganization co ON co.id = p.customer_organization_id JOIN artifactversion v ON v.id = p.artifact_version_id JOIN artifact a ON a.id = v.artifact_id'
\set base 'a.organization_id = $1 AND p.created_at < $2 AND ($3 OR co.partner_organization_id = $4)'
\set tail 'ORDER BY p.created_at DESC LIMIT $5'

PREPARE l_none(uuid,timestamp,boolean,uuid,int) AS
  SELECT :cols :src WHERE :base :tail;
PREPARE l_cust(uuid,timestamp,boolean,uuid,int,uuid) AS
  SELECT :cols :src WHERE :base AND p.customer_organization_id = $6 :tail;
PREPARE l_user(uuid,timestamp,boolean,uuid,int,uuid) AS
  SELECT :cols :src WHERE :base AND p.useraccount_id = $6 :tail;
PREPARE l_addr(uuid,timestamp,boolean,uuid,int,text) AS
  SELECT :cols :src WHERE :base AND p.remote_address = $6 :tail;
PREPARE l_art(uuid,timestamp,boolean,uuid,int,uuid) AS
  SELECT :cols :src WHERE :base AND a.id = $6 :tail;
PREPARE l_ver(uuid,timestamp,boolean,uuid,int,uuid,uuid) AS
  SELECT :cols :src WHERE :base AND a.id = $6 AND v.id = $7 :tail;
PREPARE l_all(uuid,timestamp,boolean,uuid,int,timestamp,uuid,uuid,text,uuid,uuid) AS
  SELECT :cols :src WHERE :base AND p.created_at > $6 AND p.customer_organization_id = $7
    AND p.useraccount_id = $8 AND p.remote_address = $9 AND a.id = $10 AND v.id = $11 :tail;
