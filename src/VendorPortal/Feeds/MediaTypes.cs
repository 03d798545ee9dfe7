using VendorPortal.Storage.Entities;

namespace VendorPortal.Feeds;

/// <summary>The media types of manifests: OCI image specification 1.1 and Docker's image manifest version 2, schema 1 and 2.</summary>
public static class MediaTypes
{
    private const string OciArtifact = "application/vnd.oci.artifact.manifest.v1+json";
    private const string OciImage = "application/vnd.oci.image.manifest.v1+json";
    private static readonly char[] Between = ['/', '.', '-', '_', '+', ';'];

    public static bool IsIndex(string? mediaType) => mediaType is
        "application/vnd.oci.image.index.v1+json" or
        "application/vnd.docker.distribution.manifest.list.v2+json";

    public static bool IsManifest(string? mediaType) => IsIndex(mediaType) || mediaType is
        OciImage or
        "application/vnd.docker.distribution.manifest.v2+json" or
        "application/vnd.docker.distribution.manifest.v1+json" or
        "application/vnd.docker.distribution.manifest.v1+prettyjws" or
        OciArtifact;

    /// <summary>
    /// What a manifest holds, by the guidance for artifacts of the OCI image specification 1.1: its artifact type, else the type of its configuration; and by its first
    /// layer where that names a chart, a model or a dataset, since some tools give those the configuration of an image. Null where nothing is told: an OCI image manifest may hold anything.
    /// </summary>
    public static ArtifactKind? KindOf(string? mediaType, string? artifactType, string? configType, string? firstLayerType)
    {
        if (!IsManifest(mediaType) && artifactType is null && configType is null)
            return null;
        if ((Named(artifactType) ?? Named(configType) ?? Named(firstLayerType)) is { } named)
            return named;
        if (Tells(artifactType))
            return ArtifactKind.Other;
        if (Tells(configType))
            return IsImageConfiguration(configType) ? ArtifactKind.Container : ArtifactKind.Other;
        return mediaType switch
        {
            OciArtifact => ArtifactKind.Other,
            null or OciImage => null,
            _ => ArtifactKind.Container, // Docker's own types and indexes
        };
    }

    private static bool IsImageConfiguration(string? type) => type is "application/vnd.oci.image.config.v1+json" or "application/vnd.docker.container.image.v1+json";

    private static bool Tells(string? type) =>
        type is { Length: > 0 } && type is not ("application/vnd.oci.empty.v1+json" or "application/octet-stream") && !type.StartsWith("application/vnd.unknown.", StringComparison.Ordinal);

    private static ArtifactKind? Named(string? type)
    {
        foreach (var word in type?.ToLowerInvariant().Split(Between) ?? [])
        {
            switch (word)
            {
                case "helm":
                    return ArtifactKind.Helm;
                case "model" or "models" or "modelkit" or "modelpack":
                    return ArtifactKind.Model;
                case "dataset" or "datasets":
                    return ArtifactKind.Dataset;
            }
        }

        return null;
    }
}
