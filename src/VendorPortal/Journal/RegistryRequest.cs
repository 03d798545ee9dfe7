using VendorPortal.Classification;
using VendorPortal.Storage.Entities;

namespace VendorPortal.Journal;

/// <summary>One HTTP request on a manifest, as a feed reports it. What a feed cannot know is null, never invented.</summary>
public sealed record RegistryRequest
{
    /// <summary>What repeats of this request are known by, within its feed.</summary>
    public required EventKey EventId { get; init; }

    /// <summary>Start of the request, UTC.</summary>
    public required DateTime AtUtc { get; init; }

    public required RequestMethod Method { get; init; }

    /// <summary>The artifact, <c>namespace/name</c>.</summary>
    public required string Repository { get; init; }

    /// <summary>Set where the request asked for a tag.</summary>
    public string? Tag { get; init; }

    /// <summary>What the reference resolved to; required where <see cref="Tag"/> is null.</summary>
    public string? Digest { get; init; }

    public int Status { get; init; } = 200;

    /// <summary>The client's address: 16 bytes, IPv4 mapped.</summary>
    public byte[]? Address { get; init; }

    /// <summary>The account, as the registry reports it.</summary>
    public string? User { get; init; }

    public string? UserAgent { get; init; }

    /// <summary>True for a request that is part of a push: kept, never a pull.</summary>
    public bool IsPush { get; init; }

    /// <summary>
    /// Set where the source has classified already: one pull of this kind, whatever else was asked for. Null where the rules decide.
    /// </summary>
    public PullKind? GivenKind { get; init; }
}

/// <summary>What an event tells of a manifest, whatever else it is.</summary>
/// <param name="Digest">The manifest.</param>
/// <param name="MediaType">Its media type.</param>
/// <param name="Children">Digests and platforms of the manifests it lists: empty for a single manifest, null where not told.</param>
public sealed record ManifestFact(string Digest, string? MediaType, IReadOnlyList<(string Digest, string? Platform)>? Children);

/// <summary>That a repository holds a manifest of a kind.</summary>
public sealed record KindFact(string Repository, ArtifactKind Kind);

/// <summary>That an account pushed to a repository.</summary>
public sealed record PublisherFact(string Repository, string User);
