namespace VendorPortal.Feeds;

/// <summary>The media types of manifests: OCI image specification 1.1 and Docker's image manifest version 2, schema 1 and 2.</summary>
public static class MediaTypes
{
    public static bool IsIndex(string? mediaType) => mediaType is
        "application/vnd.oci.image.index.v1+json" or
        "application/vnd.docker.distribution.manifest.list.v2+json";

    public static bool IsManifest(string? mediaType) => IsIndex(mediaType) || mediaType is
        "application/vnd.oci.image.manifest.v1+json" or
        "application/vnd.docker.distribution.manifest.v2+json" or
        "application/vnd.docker.distribution.manifest.v1+json" or
        "application/vnd.docker.distribution.manifest.v1+prettyjws" or
        "application/vnd.oci.artifact.manifest.v1+json";
}
