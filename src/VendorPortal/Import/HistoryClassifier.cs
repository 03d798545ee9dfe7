using VendorPortal.Classification;

namespace VendorPortal.Import;

/// <summary>
/// Classifies requests of the past that come in order of time: the same rules as live, without a journal. What is final is handed out
/// oldest first. Holds the sessions that are open at a moment, nothing more.
/// </summary>
internal sealed class HistoryClassifier(int vendorId, int feedId, ClassificationMode mode, ManifestGraph graph, VersionNames names)
{
    private const int SweepEvery = 20_000;

    // A client that never pauses: what is final of its session is taken out before the session grows long.
    private const int LongSession = 512;

    private readonly ManifestGraph rulesGraph = mode == ClassificationMode.Strict ? ManifestGraph.Empty : graph;
    private readonly Dictionary<SessionKey, List<HistoryRequest>> open = new();
    private List<HistoryPull> final = [];
    private int sinceSweep;

    /// <summary>Refused requests of clients that were let in after all: they make no row.</summary>
    public long Forgiven { get; private set; }

    /// <summary>Takes the next request; true where <see cref="TakeFinal"/> may have something.</summary>
    public bool Add(in HistoryRequest request)
    {
        var key = SessionKey.Of(
            vendorId, request.ArtifactId, request.AddressId, request.ClientId, request.UserId, request.VersionId == request.DigestId ? null : names[request.VersionId], mode);
        if (!open.TryGetValue(key, out var session))
            open[key] = session = [];
        else if (session.Count > 0 && request.Ticks - session[^1].Ticks > PullClassifier.Window)
            Classify(key, session, long.MaxValue);
        session.Add(request);
        if (++sinceSweep < SweepEvery)
            return false;
        Sweep(request.Ticks);
        return true;
    }

    /// <summary>Ends every session.</summary>
    public void Finish() => Sweep(long.MaxValue);

    /// <summary>Pulls that no later request can change or come before, oldest first.</summary>
    public List<HistoryPull> TakeFinal()
    {
        var oldest = open.Count == 0 ? long.MaxValue : open.Values.Min(session => session[0].Ticks);
        final.Sort(static (a, b) => a.Ticks.CompareTo(b.Ticks));
        var ready = final.FindIndex(pull => pull.Ticks >= oldest);
        if (ready < 0)
            ready = final.Count;
        var taken = final.GetRange(0, ready);
        final.RemoveRange(0, ready);
        return taken;
    }

    private void Sweep(long nowTicks)
    {
        sinceSweep = 0;
        foreach (var (key, session) in open)
        {
            if (nowTicks - session[^1].Ticks > PullClassifier.Window)
                Classify(key, session, long.MaxValue);
            else if (session.Count >= LongSession)
                Classify(key, session, nowTicks - PullClassifier.Window);
            if (session.Count == 0)
                open.Remove(key);
        }
    }

    // Takes the actions out of the session whose last request is before the given time.
    private void Classify(SessionKey key, List<HistoryRequest> session, long endTicks)
    {
        var requests = new List<ClassifiableRequest>(session.Count);
        for (var i = 0; i < session.Count; i++)
            requests.Add(Facts(session[i], i));
        HashSet<long>? taken = endTicks == long.MaxValue ? null : [];
        foreach (var action in PullClassifier.Classify(requests, rulesGraph))
        {
            if (action.ReachTicks >= endTicks)
                continue;
            if (action.IsForgiven)
                Forgiven += action.Requests.Count;
            else
                final.Add(Pull(key, session, action));
            taken?.UnionWith(action.Requests.Select(r => r.Id));
        }

        if (taken is null)
            session.Clear();
        else
            RemoveAt(session, taken);
    }

    private static void RemoveAt(List<HistoryRequest> session, HashSet<long> taken)
    {
        var kept = 0;
        for (var i = 0; i < session.Count; i++)
        {
            if (!taken.Contains(i))
                session[kept++] = session[i];
        }

        session.RemoveRange(kept, session.Count - kept);
    }

    private ClassifiableRequest Facts(in HistoryRequest request, int index) => new()
    {
        Id = index,
        Ticks = request.Ticks,
        Method = request.Method,
        Status = request.Status,
        Tag = request.VersionId == request.DigestId ? null : names[request.VersionId],
        Digest = request.DigestId == 0 ? null : names[request.DigestId],
        FeedId = feedId,
        EventId = request.EventId,
        GivenKind = request.GivenKind,
    };

    private static HistoryPull Pull(SessionKey key, List<HistoryRequest> session, PullAction action)
    {
        var start = session[(int)action.Start.Id];
        return new HistoryPull
        {
            Ticks = start.Ticks,
            Kind = action.Kind,
            Rule = action.Rule,
            IsAuxiliary = key.IsAuxiliary,
            ArtifactId = start.ArtifactId,
            VersionId = start.VersionId,
            DigestId = RootDigestId(session, action),
            AddressId = start.AddressId,
            UserId = start.UserId,
            ClientId = start.ClientId,
            Requests = action.Requests.Count,
            Status = action.Status,
        };
    }

    private static int RootDigestId(List<HistoryRequest> session, PullAction action)
    {
        foreach (var request in action.Requests)
        {
            if (request.Digest == action.Root)
                return session[(int)request.Id].DigestId;
        }

        return 0;
    }
}
