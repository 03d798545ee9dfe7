namespace VendorPortal.Storage.Entities;

/// <summary>What an artifact is. The numbers are stored.</summary>
public enum ArtifactKind
{
    Container = 1,
    Helm = 2,
    Model = 3,
    Dataset = 4,

    /// <summary>Anything else that is kept in a registry: signatures, policies, WebAssembly …</summary>
    Other = 5,
}

/// <summary>How the kind of an artifact is known.</summary>
public enum KindSource
{
    /// <summary>No feed has told of it: taken for a container image, as most are.</summary>
    Assumed,

    /// <summary>A feed has told the media type of one of its manifests.</summary>
    Manifest,

    /// <summary>A member has chosen it.</summary>
    Member,
}

/// <summary>An artifact's kind, and how it is known.</summary>
public readonly record struct KnownKind(ArtifactKind Kind, KindSource Source);
