namespace VendorPortal.Classification;

/// <summary>What a row of the log is.</summary>
public enum PullKind
{
    PullByTag = 1,
    PullByDigest = 2,
    VersionCheck = 3,
    Denied = 4,
}

/// <summary>The HTTP method of a registry request on a manifest.</summary>
public enum RequestMethod
{
    Head = 1,
    Get = 2,
}

/// <summary>How requests are keyed and joined.</summary>
public enum ClassificationMode
{
    /// <summary>Key: vendor, repository, address, user agent and principal; the manifest graph is used where known.</summary>
    Client = 0,

    /// <summary>The published table read literally. Key: vendor, repository and address; no manifest graph.</summary>
    Strict = 1,
}

/// <summary>The rule that made a pull what it is; named in its explanation.</summary>
public enum PullRule
{
    /// <summary>HEAD by tag, nothing fetched.</summary>
    HeadTag = 1,

    /// <summary>GET by tag, nothing after it.</summary>
    GetTag = 2,

    /// <summary>GET by tag, then manifests listed in it (or one other digest).</summary>
    GetTagChildren = 3,

    /// <summary>HEAD by tag, then GET of the digest it answered with.</summary>
    HeadTagGet = 4,

    /// <summary>As <see cref="HeadTagGet"/>, then manifests listed in it.</summary>
    HeadTagGetChildren = 5,

    /// <summary>HEAD by tag of a known index, then only manifests listed in it.</summary>
    HeadTagChildren = 6,

    /// <summary>GET by digest, nothing after it.</summary>
    GetDigest = 7,

    /// <summary>HEAD by digest, nothing fetched: the client holds it already.</summary>
    HeadDigest = 8,

    /// <summary>GET by digest, then manifests listed in it (or one other digest).</summary>
    GetDigestChildren = 9,

    /// <summary>HEAD by digest, then GET of the same digest.</summary>
    HeadDigestGet = 10,

    /// <summary>As <see cref="HeadDigestGet"/>, then manifests listed in it.</summary>
    HeadDigestGetChildren = 11,

    /// <summary>HEAD by digest of a known index, then only manifests listed in it.</summary>
    HeadDigestChildren = 12,

    /// <summary>Refused, and not let in within the window.</summary>
    Refused = 13,

    /// <summary>None: the source had classified it before it was imported.</summary>
    Imported = 20,
}
