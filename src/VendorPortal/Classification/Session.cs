using VendorPortal.Journal;

namespace VendorPortal.Classification;

/// <summary>The requests of one key that are not yet part of a final pull.</summary>
internal sealed class Session
{
    private readonly Dictionary<long, JournaledRequest> requests = new();

    public IReadOnlyCollection<JournaledRequest> Requests => requests.Values;

    /// <summary>Start of the oldest request, UTC ticks.</summary>
    public long OldestTicks { get; private set; } = long.MaxValue;

    /// <summary>Timestamp (<see cref="TimeProvider.GetTimestamp"/>) of the newest arrival.</summary>
    public long LastArrival { get; private set; }

    /// <summary>False where the request is here already.</summary>
    public bool Add(JournaledRequest request, long arrival)
    {
        LastArrival = Math.Max(LastArrival, arrival);
        OldestTicks = Math.Min(OldestTicks, request.Facts.Ticks);
        return requests.TryAdd(request.Facts.Id, request);
    }

    public JournaledRequest this[long id] => requests[id];

    /// <summary>Takes the requests of a final action away; the rest is classified as if they had never been here.</summary>
    public void Remove(PullAction action)
    {
        foreach (var request in action.Requests)
            requests.Remove(request.Id);
        Measure();
    }

    /// <summary>Takes requests away whose pulls stay as they are.</summary>
    public void RemoveAll(Predicate<JournaledRequest> match)
    {
        foreach (var (id, request) in requests)
        {
            if (match(request))
                requests.Remove(id);
        }

        Measure();
    }

    private void Measure() => OldestTicks = requests.Count == 0 ? long.MaxValue : requests.Values.Min(r => r.Facts.Ticks);
}

/// <summary>A final action and the session it comes from, ready to be written.</summary>
internal sealed record FinalAction(SessionKey Key, Session Session, PullAction Action);
