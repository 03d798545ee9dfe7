using VendorPortal.Classification;

namespace VendorPortal.Reports;

/// <summary>A pull as people, API and exports see it. Null is "unknown", never invented.</summary>
public sealed record PullItem
{
    public required long Id { get; init; }

    /// <summary>Start of the first request, UTC, milliseconds.</summary>
    public required DateTime AtUtc { get; init; }

    public required PullKind Kind { get; init; }

    public string? Customer { get; init; }

    /// <summary>The principal.</summary>
    public string? User { get; init; }

    /// <summary>The person's name, where the vendor told it.</summary>
    public string? UserName { get; init; }

    public string? Email { get; init; }

    /// <summary>Canonical text of the client's address.</summary>
    public string? Address { get; init; }

    /// <summary>ISO 3166-1 alpha-2 code of the address's country.</summary>
    public string? Country { get; init; }

    /// <summary>Who runs the network of the address.</summary>
    public string? Organisation { get; init; }

    /// <summary>The cloud the address belongs to: <c>aws</c>, <c>gcp</c>, …</summary>
    public string? Host { get; init; }

    /// <summary>One of <see cref="Enrichment.Networks.NetworkTypes"/>.</summary>
    public string? NetworkType { get; init; }

    public required string Artifact { get; init; }

    /// <summary>What the client asked for: tag or digest.</summary>
    public required string Version { get; init; }

    /// <summary>Set where the client asked by tag.</summary>
    public string? Tag { get; init; }

    public string? Digest { get; init; }

    public string? Client { get; init; }

    public string? ClientVersion { get; init; }

    public required int Requests { get; init; }

    /// <summary>The HTTP status that a denied client was left with; null for all other kinds.</summary>
    public int? Status { get; init; }

    /// <summary>True where the account pushes to this repository itself.</summary>
    public bool IsPublisher { get; init; }

    /// <summary>True where a signature, attestation or SBOM tag was asked for.</summary>
    public bool IsAuxiliary { get; init; }
}

/// <summary>A page of pulls, newest first. <see cref="Next"/> is the id to continue below, null at the end.</summary>
public sealed record PullPage(IReadOnlyList<PullItem> Items, long? Next);

/// <summary>What a filter keeps, counted. Uniques are de-duplicated over the whole range.</summary>
public sealed record PullCount(long Count, long UniqueAddresses, long UniqueCustomers, IReadOnlyDictionary<PullKind, long> ByKind)
{
    /// <summary>Pulls by tag and by digest.</summary>
    public long Downloads => Of(PullKind.PullByTag) + Of(PullKind.PullByDigest);

    public long Of(PullKind kind) => ByKind.TryGetValue(kind, out var count) ? count : 0;
}

/// <summary>One entry of an option list: the value filters take, the text people read, the pulls under the other filters.</summary>
public sealed record FilterOption(string Value, string Label, long Count);

/// <summary>An option list; <see cref="Total"/> counts all that match, of which <see cref="Options"/> holds the first.</summary>
public sealed record FilterOptionList(IReadOnlyList<FilterOption> Options, int Total);

/// <summary>
/// An option list, and the pulls of values that were asked for by name. Where tags fill a list of versions, <see cref="Digests"/> are the first few of the digests beyond it.
/// </summary>
public sealed record FilterChoices(FilterOptionList Found, IReadOnlyDictionary<string, long> Counts, IReadOnlyList<FilterOption> Digests);

/// <summary>A bucket of the histogram, by kind.</summary>
public sealed record TrendBucket(DateTime StartUtc, long ByTag, long ByDigest, long Checks, long Denied);

/// <summary>
/// Pulls over time; <see cref="Step"/> is the usual width of a bucket, which ends where the next one starts: a day has 23 to 25 hours. <see cref="EndUtc"/> is the exclusive end of
/// the last one.
/// </summary>
public sealed record PullTrend(TimeSpan Step, IReadOnlyList<TrendBucket> Buckets, DateTime EndUtc)
{
    /// <summary>Without any bucket.</summary>
    public static readonly PullTrend Nothing = new(TimeSpan.FromDays(1), [], DateTime.MinValue);
}

/// <summary>One of the HTTP requests behind a pull.</summary>
public sealed record PullRequestLine(
    DateTime AtUtc, RequestMethod Method, string Reference, string? Digest, int Status, string Feed, string? MediaType, string? Platform);

/// <summary>A pull, opened: the requests behind it and the rule in words.</summary>
public sealed record PullDetail(PullItem Item, PullRule Rule, string Explanation, string? UserAgent, int Ruleset, IReadOnlyList<PullRequestLine> Requests);
