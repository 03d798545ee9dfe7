namespace VendorPortal.Classification;

/// <summary>
/// Folds the manifest requests of one key into pulls: a pure function of the set of requests and the manifests known.
/// Rules: the published table of Docker Hub's publisher insights (eleven rows), read as told in docs/decisions/ADR-006; the
/// step numbers R11 to R16 and P1 to P4 below are those of that record.
/// </summary>
public static class PullClassifier
{
    /// <summary>The rules' version, stored with every pull.</summary>
    public const int Ruleset = 2;

    /// <summary>
    /// Longest distance between two requests of one action, in ticks: five seconds, sliding, inclusive.
    /// </summary>
    public const long Window = 5 * TimeSpan.TicksPerSecond;

    /// <summary>
    /// Classifies eligible requests of one key. <paramref name="requests"/> is sorted in place into its total order. The actions of
    /// refused requests come first, each kind in the order of its first request. A pull never depends on requests of another action, and
    /// nothing depends on refused requests but they themselves (R6): what is final can be taken away and leaves the others as they are.
    /// </summary>
    public static List<PullAction> Classify(List<ClassifiableRequest> requests, ManifestGraph graph)
    {
        requests.Sort(ClassifiableRequest.TotalOrder);
        var all = new List<PullAction>();
        if (requests.Exists(r => r.IsRefused))
            RefusalFolder.Fold(requests, all);
        var open = new List<PullAction>();
        foreach (var request in requests)
        {
            if (request.GivenKind is not null) // classified by its source: joins nothing
            {
                all.Add(new PullAction(request));
                continue;
            }

            if (request.IsRefused)
                continue;
            open.RemoveAll(action => request.Ticks - action.ReachTicks > Window);
            var joined = (request.EffectiveMethod, request.Tag) switch
            {
                (RequestMethod.Head, not null) => null,                                     // R11
                (RequestMethod.Head, null) => AbsorbHeadDigest(open, request, graph),       // R12
                (RequestMethod.Get, not null) => CompleteByTag(open, request),              // R13
                _ => CompleteByDigest(open, all, request, graph),                           // R14
            };
            if (joined is not null)
                continue;
            var action = new PullAction(request);
            all.Add(action);
            open.Add(action);
        }

        return all;
    }

    private static PullAction? AbsorbHeadDigest(List<PullAction> open, ClassifiableRequest request, ManifestGraph graph)
    {
        foreach (var action in open)
        {
            if (graph.IsChild(action.Root, request.Digest) == Childness.Yes)
                return action.Absorb(request);
        }

        return null;
    }

    private static PullAction? CompleteByTag(List<PullAction> open, ClassifiableRequest request)
    {
        foreach (var action in open)
        {
            if (action.StartedByTag && !action.RootFetched && action.Tag == request.Tag)
                return action.FetchRoot(request);
        }

        return null;
    }

    private static PullAction? CompleteByDigest(List<PullAction> open, List<PullAction> all, ClassifiableRequest request, ManifestGraph graph)
    {
        var digest = request.Digest;
        foreach (var action in open) // P1: the digest that a HEAD by tag answered with
        {
            if (action.StartedByTag && !action.RootFetched && action.Root is not null && action.Root == digest)
            {
                FoldProbes(open, all, action);
                return action.FetchRoot(request);
            }
        }

        foreach (var action in open) // P2: the digest that was probed
        {
            if (!action.StartedByTag && !action.RootFetched && action.Root == digest)
                return action.FetchRoot(request);
        }

        foreach (var action in open) // P3: a manifest listed in what the action is about
        {
            if (graph.IsChild(action.Root, digest) == Childness.Yes && !action.HasChild(digest!))
                return action.FetchChild(request);
        }

        foreach (var action in open) // P3a: listed beside what the action fetched, where no feed told what its tag stands for
        {
            if (action.IsBlind && !action.HasChild(digest!) && action.Fetched.Any(fetched => graph.AreSiblings(fetched, digest!)))
                return action.FetchChild(request);
        }

        foreach (var action in open) // P3b: a HEAD by tag of which no feed told the answer; the digest fetched next is taken for it
        {
            if (action.IsBlind && !action.RootFetched)
                return action.FetchRoot(request);
        }

        for (var i = open.Count - 1; i >= 0; i--) // P4: nothing is known; one other digest right after a GET is its platform
        {
            var action = open[i];
            if (action.RootFetched && action.ChildCount == 0 && action.Root != digest && graph.IsChild(action.Root, digest) == Childness.Unknown)
                return action.FetchChild(request);
        }

        return null;
    }

    // Resolve the tag, probe the digest, fetch it: one intent.
    private static void FoldProbes(List<PullAction> open, List<PullAction> all, PullAction into)
    {
        for (var i = open.Count - 1; i > open.IndexOf(into); i--)
        {
            var probe = open[i];
            if (probe.StartedByTag || probe.RootFetched || probe.Root != into.Root)
                continue;
            into.Fold(probe);
            open.RemoveAt(i);
            all.Remove(probe);
        }
    }
}
