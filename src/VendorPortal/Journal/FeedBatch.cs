using System.Text.Json.Serialization;
using VendorPortal.Usage;

namespace VendorPortal.Journal;

/// <summary>An event that was refused: its place, from 0, in what was sent, and why.</summary>
/// <param name="Index">Its place: events of a document, or lines that are not empty.</param>
/// <param name="Reason">Names the field and the accepted form.</param>
/// <param name="Sample">Its beginning, secrets masked; kept for the first few of a reason.</param>
public sealed record RejectedEvent(long Index, string Reason, [property: JsonIgnore] string? Sample = null)
{
    /// <summary>The file it is in, where there are several.</summary>
    [JsonIgnore]
    public string? Source { get; init; }
}

/// <summary>What a feed has said, ready for the journal: a body, or a part of a stream.</summary>
public sealed class FeedBatch
{
    private const int SamplesOfAReason = 3;

    private Dictionary<string, int>? samples;

    public List<RegistryRequest> Requests { get; } = [];

    /// <summary>Events of the product; only telemetry tells of them, and of nothing else.</summary>
    public List<UsageEvent> Usage { get; } = [];

    public List<ManifestFact> Manifests { get; } = [];

    public List<PublisherFact> Publishers { get; } = [];

    public List<KindFact> Kinds { get; } = [];

    public List<RejectedEvent> Rejected { get; } = [];

    /// <summary>Manifest pushes: taken for what they teach.</summary>
    public int Pushes { get; set; }

    /// <summary>Events that are neither a manifest request nor a push: blobs, mounts, deletions.</summary>
    public int Ignored { get; set; }

    /// <summary>Of the rejected, those that are not of the feed's format at all.</summary>
    public int Malformed { get; private set; }

    /// <summary>Place of the event that is being read.</summary>
    public long Index { get; set; }

    /// <summary>Events of any outcome.</summary>
    public int Count => Requests.Count + Usage.Count + Pushes + Ignored + Rejected.Count;

    /// <summary>Adds what another batch says beside its requests.</summary>
    internal void Take(FeedBatch other)
    {
        Manifests.AddRange(other.Manifests);
        Publishers.AddRange(other.Publishers);
        Kinds.AddRange(other.Kinds);
        Rejected.AddRange(other.Rejected);
        Pushes += other.Pushes;
        Ignored += other.Ignored;
    }

    /// <summary>Refuses the event that is being read; its neighbours are not touched.</summary>
    public void Reject(string reason, ReadOnlySpan<byte> bytes)
    {
        samples ??= new Dictionary<string, int>(StringComparer.Ordinal);
        var taken = samples.GetValueOrDefault(reason);
        if (taken < SamplesOfAReason)
            samples[reason] = taken + 1;
        Rejected.Add(new RejectedEvent(Index, reason, taken < SamplesOfAReason && !bytes.IsEmpty ? EventSample.Of(bytes) : null));
    }

    /// <summary>Refuses what is not of the feed's format at all.</summary>
    public void RejectMalformed(string reason, ReadOnlySpan<byte> bytes)
    {
        Malformed++;
        Reject(reason, bytes);
    }
}
