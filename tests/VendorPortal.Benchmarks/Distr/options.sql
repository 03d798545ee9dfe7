-- Re-creates the shape of the four queries that fill the filter lists of Distr's Downloads page, run one after the other whenever the
-- page opens (the Distr project, https://github.com/distr-sh/distr, Apache-2.0; written by hand), for comparison.

PREPARE f_cust(uuid,boolean,uuid) AS
  SELECT co.id, co.name FROM artifactversionpull p
    JOIN artifactversion v ON v.id = p.artifact_version_id JOIN artifact a ON a.id = v.artifact_id
    JOIN customerorganization co ON co.id = p.customer_organization_id
  WHERE a.organization_id = $1 AND ($2 OR co.partner_organization_id = $3)
  GROUP BY co.id, co.name ORDER BY co.name;
PREPARE f_user(uuid,boolean,uuid) AS
  SELECT u.id, coalesce(nullif(u.name,''), u.email) AS name FROM artifactversionpull p
    JOIN artifactversion v ON v.id = p.artifact_version_id JOIN artifact a ON a.id = v.artifact_id
    JOIN useraccount u ON u.id = p.useraccount_id
    LEFT JOIN customerorganization co ON co.id = p.customer_organization_id
  WHERE a.organization_id = $1 AND ($2 OR co.partner_organization_id = $3)
  GROUP BY u.id, u.name, u.email ORDER BY name;
PREPARE f_addr(uuid,boolean,uuid) AS
  SELECT p.remote_address FROM artifactversionpull p
    JOIN artifactversion v ON v.id = p.artifact_version_id JOIN artifact a ON a.id = v.artifact_id
    LEFT JOIN customerorganization co ON co.id = p.customer_organization_id
  WHERE a.organization_id = $1 AND ($2 OR co.partner_organization_id = $3) AND p.remote_address IS NOT NULL
  GROUP BY p.remote_address ORDER BY p.remote_address;
PREPARE f_art(uuid,boolean,uuid) AS
  SELECT a.id, a.name FROM artifactversionpull p
    JOIN artifactversion v ON v.id = p.artifact_version_id JOIN artifact a ON a.id = v.artifact_id
    LEFT JOIN customerorganization co ON co.id = p.customer_organization_id
  WHERE a.organization_id = $1 AND ($2 OR co.partner_organization_id = $3)
  GROUP BY a.id, a.name ORDER BY a.name;
