namespace VendorPortal.Classification;

/// <summary>One row in the making: requests that belong together.</summary>
public sealed class PullAction
{
    private readonly List<ClassifiableRequest> requests;
    private readonly HashSet<string> childrenFetched = new(StringComparer.Ordinal);

    internal PullAction(ClassifiableRequest start)
    {
        requests = [start];
        Tag = start.Tag;
        Root = start.Digest;
        RootFetched = start.EffectiveMethod == RequestMethod.Get;
        ReachTicks = start.Ticks;
    }

    /// <summary>Of refused requests, in their total order.</summary>
    internal PullAction(List<ClassifiableRequest> refused, long reachTicks, bool isForgiven)
    {
        requests = refused;
        Tag = refused[0].Tag;
        Root = refused[0].Digest;
        IsRefused = true;
        IsForgiven = isForgiven;
        ReachTicks = reachTicks;
    }

    /// <summary>The request that started it: gives the row its time, method and reference.</summary>
    public ClassifiableRequest Start => requests[0];

    /// <summary>The requests folded into it, in time order.</summary>
    public IReadOnlyList<ClassifiableRequest> Requests => requests;

    /// <summary>The tag it started with; null where it started with a digest.</summary>
    public string? Tag { get; }

    /// <summary>The digest it is about; null where no feed told it.</summary>
    public string? Root { get; private set; }

    /// <summary>
    /// Start of the newest request that it depends on, UTC ticks: its own newest, or for refused requests the newest of their bout, or what
    /// forgave them. What begins more than the window later changes nothing of it.
    /// </summary>
    public long ReachTicks { get; private set; }

    /// <summary>True where it is made of refused requests.</summary>
    public bool IsRefused { get; }

    /// <summary>True where the client was let in after all: the requests are settled and make no row.</summary>
    public bool IsForgiven { get; }

    /// <summary>The answer a refused client was left with; null where it was not refused.</summary>
    public int? Status => IsRefused ? requests[^1].Status : null;

    public bool StartedByTag => Tag is not null;

    internal bool RootFetched { get; private set; }

    /// <summary>True where it started with a tag and no feed told what that stands for.</summary>
    internal bool IsBlind => StartedByTag && Start.Digest is null;

    /// <summary>The digests fetched in it.</summary>
    internal IEnumerable<string> Fetched => Root is null ? childrenFetched : childrenFetched.Append(Root);

    internal int ChildCount => childrenFetched.Count;

    /// <summary>R16, or what the source has given.</summary>
    public PullKind Kind =>
        Start.GivenKind is { } given ? given
            : IsRefused ? PullKind.Denied
            : !StartedByTag ? PullKind.PullByDigest
            : RootFetched || ChildCount > 0 ? PullKind.PullByTag : PullKind.VersionCheck;

    /// <summary>The row of the table that fired.</summary>
    public PullRule Rule => Start.GivenKind is not null ? PullRule.Imported : IsRefused ? PullRule.Refused : (StartedByTag, Start.EffectiveMethod, RootFetched, ChildCount > 0) switch
    {
        (true, RequestMethod.Get, _, false) => PullRule.GetTag,
        (true, RequestMethod.Get, _, true) => PullRule.GetTagChildren,
        (true, _, true, false) => PullRule.HeadTagGet,
        (true, _, true, true) => PullRule.HeadTagGetChildren,
        (true, _, false, true) => PullRule.HeadTagChildren,
        (true, _, false, false) => PullRule.HeadTag,
        (false, RequestMethod.Get, _, false) => PullRule.GetDigest,
        (false, RequestMethod.Get, _, true) => PullRule.GetDigestChildren,
        (false, _, true, false) => PullRule.HeadDigestGet,
        (false, _, true, true) => PullRule.HeadDigestGetChildren,
        (false, _, false, true) => PullRule.HeadDigestChildren,
        (false, _, false, false) => PullRule.HeadDigest,
    };

    internal bool HasChild(string digest) => childrenFetched.Contains(digest);

    internal PullAction Absorb(ClassifiableRequest request)
    {
        requests.Add(request);
        ReachTicks = request.Ticks;
        return this;
    }

    internal PullAction FetchRoot(ClassifiableRequest request)
    {
        Root = request.Digest ?? Root; // a tag that moved between HEAD and GET: what was fetched counts
        RootFetched = true;
        return Absorb(request);
    }

    internal PullAction FetchChild(ClassifiableRequest request)
    {
        childrenFetched.Add(request.Digest!);
        return Absorb(request);
    }

    internal void Fold(PullAction probe)
    {
        requests.AddRange(probe.requests);
        childrenFetched.UnionWith(probe.childrenFetched);
        requests.Sort(ClassifiableRequest.TotalOrder);
    }
}
