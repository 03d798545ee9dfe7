namespace VendorPortal.Classification;

/// <summary>
/// What the rules look at in one registry request. Ordered by facts of the request alone, never by arrival, so that the result is a
/// function of the set of requests.
/// </summary>
public sealed class ClassifiableRequest
{
    /// <summary>R9: time, HEAD before GET, tag before digest, tag text, digest, feed, event.</summary>
    public static readonly Comparer<ClassifiableRequest> TotalOrder = Comparer<ClassifiableRequest>.Create(Compare);

    /// <summary>Id in the journal; carried through, never compared.</summary>
    public long Id { get; init; }

    /// <summary>Start time, UTC ticks of 100 ns.</summary>
    public required long Ticks { get; init; }

    /// <summary>The method that was sent.</summary>
    public required RequestMethod Method { get; init; }

    public int Status { get; init; } = 200;

    /// <summary>The tag that was asked for; null where a digest was.</summary>
    public string? Tag { get; init; }

    /// <summary>What the reference resolved to; for a request by digest, that digest.</summary>
    public string? Digest { get; init; }

    public int FeedId { get; init; }

    /// <summary>The feed's event id, hashed: the last tie-break.</summary>
    public UInt128 EventId { get; init; }

    /// <summary>Set where the source has classified already: a pull of its own, of this kind.</summary>
    public PullKind? GivenKind { get; init; }

    /// <summary>The method the rules see: a 304 transferred nothing, so it counts as HEAD (R3).</summary>
    public RequestMethod EffectiveMethod => Status == 304 ? RequestMethod.Head : Method;

    /// <summary>True for an eligible request that was refused.</summary>
    public bool IsRefused => !Eligibility.IsSuccess(Status);

    private static int Compare(ClassifiableRequest a, ClassifiableRequest b)
    {
        var order = a.Ticks.CompareTo(b.Ticks);
        if (order == 0)
            order = a.EffectiveMethod.CompareTo(b.EffectiveMethod);
        if (order == 0)
            order = (a.Tag is null).CompareTo(b.Tag is null);
        if (order == 0)
            order = string.CompareOrdinal(a.Tag, b.Tag);
        if (order == 0)
            order = string.CompareOrdinal(a.Digest, b.Digest);
        if (order == 0)
            order = a.FeedId.CompareTo(b.FeedId);
        return order == 0 ? a.EventId.CompareTo(b.EventId) : order;
    }
}
