namespace VendorPortal.Classification;

/// <summary>
/// Folds refused requests of one key into rows. Refusals no more than the window apart are one bout, whatever they ask for; a success
/// that follows a bout within the window forgives it (a token that was fetched, a limit that was waited for, a fallback that worked), else
/// it makes one row a reference. A client that never stops asking gets a row a reference and minute. Pure, as <see cref="PullClassifier"/>.
/// </summary>
internal static class RefusalFolder
{
    /// <summary>Longest distance between the first and the last request of a bout, in ticks.</summary>
    public const long MaxSpan = TimeSpan.TicksPerMinute;

    /// <summary>Adds the rows, and the bouts that are forgiven. <paramref name="requests"/> are all of the key, in their total order.</summary>
    public static void Fold(List<ClassifiableRequest> requests, List<PullAction> into)
    {
        var bout = new List<ClassifiableRequest>();
        foreach (var request in requests)
        {
            if (bout.Count > 0 && IsOver(bout, request))
                MakeRows(bout, into);
            if (request.IsRefused)
                bout.Add(request);
            else if (bout.Count > 0)
                Forgive(bout, request, into);
        }

        if (bout.Count > 0)
            MakeRows(bout, into);
    }

    private static bool IsOver(List<ClassifiableRequest> bout, ClassifiableRequest next) =>
        next.Ticks - bout[^1].Ticks > PullClassifier.Window || (next.IsRefused && next.Ticks - bout[0].Ticks > MaxSpan);

    private static void MakeRows(List<ClassifiableRequest> bout, List<PullAction> into)
    {
        foreach (var reference in bout.GroupBy(r => r.Tag ?? r.Digest, StringComparer.Ordinal))
            into.Add(new PullAction([.. reference], bout[^1].Ticks, isForgiven: false));
        bout.Clear();
    }

    private static void Forgive(List<ClassifiableRequest> bout, ClassifiableRequest success, List<PullAction> into)
    {
        into.Add(new PullAction([.. bout], success.Ticks, isForgiven: true));
        bout.Clear();
    }
}
