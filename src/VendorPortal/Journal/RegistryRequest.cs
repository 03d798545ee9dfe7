using VendorPortal.Classification;

namespace VendorPortal.Journal;

/// <summary>One HTTP request on a manifest, as a feed reports it. What a feed cannot know is null, never invented.</summary>
public sealed record RegistryRequest
{
    /// <summary>What repeats of this request are known by, within its feed.</summary>
    public required string EventId { get; init; }

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
}

/// <summary>What an event tells of a manifest, whatever else it is.</summary>
/// <param name="Digest">The manifest.</param>
/// <param name="MediaType">Its media type.</param>
/// <param name="Children">Digests and platforms of the manifests it lists: empty for a single manifest, null where not told.</param>
public sealed record ManifestFact(string Digest, string? MediaType, IReadOnlyList<(string Digest, string? Platform)>? Children);

/// <summary>That an account pushed to a repository.</summary>
public sealed record PublisherFact(string Repository, string User);

/// <summary>An event that was refused: its place in the body and why.</summary>
public sealed record RejectedEvent(int Index, string Reason);

/// <summary>What one body of a feed says, ready for the journal.</summary>
public sealed class FeedBatch
{
    public List<RegistryRequest> Requests { get; } = [];

    public List<ManifestFact> Manifests { get; } = [];

    public List<PublisherFact> Publishers { get; } = [];

    public List<RejectedEvent> Rejected { get; } = [];

    /// <summary>Manifest pushes: taken for what they teach.</summary>
    public int Pushes { get; set; }

    /// <summary>Events that are neither a manifest request nor a push: blobs, mounts, deletions.</summary>
    public int Ignored { get; set; }

    /// <summary>Adds what another batch says beside its requests.</summary>
    internal void Take(FeedBatch other)
    {
        Manifests.AddRange(other.Manifests);
        Publishers.AddRange(other.Publishers);
        Rejected.AddRange(other.Rejected);
        Pushes += other.Pushes;
        Ignored += other.Ignored;
    }
}
