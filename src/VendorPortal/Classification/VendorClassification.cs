namespace VendorPortal.Classification;

/// <summary>What the classification knows of a vendor.</summary>
internal sealed class VendorClassification(ClassificationMode mode, ManifestGraph graph, long classifiedThrough)
{
    /// <summary>How much later than its neighbours an event may come before its session is thought complete.</summary>
    public static readonly long Lateness = 2 * TimeSpan.TicksPerSecond;

    // Newest request of a key that is part of a final pull, for keys finished lately.
    private readonly Dictionary<SessionKey, long> classified = new();

    // The same for all keys that are no longer in the dictionary.
    private long forgottenThrough = classifiedThrough;

    public ClassificationMode Mode { get; } = mode;

    public ManifestGraph Graph { get; } = graph;

    /// <summary>The graph the rules use: the strict mode knows of none.</summary>
    public ManifestGraph RulesGraph => Mode == ClassificationMode.Strict ? ManifestGraph.Empty : Graph;

    /// <summary>Newest event time seen, UTC ticks.</summary>
    public long Newest { get; private set; }

    /// <summary>Requests up to here are thought complete, UTC ticks.</summary>
    public long Watermark => Newest - Lateness;

    /// <summary>Moves the watermark; an event from the future does not move it past the clock.</summary>
    public void Saw(long ticks, long nowTicks) => Newest = Math.Max(Newest, Math.Min(ticks, nowTicks));

    /// <summary>True where a request may belong to a session that has been classified: the journal must be asked.</summary>
    public bool MayJoinClassified(SessionKey key, long ticks) =>
        ticks - PullClassifier.Window <= (classified.TryGetValue(key, out var through) ? through : forgottenThrough);

    public void Classified(SessionKey key, long lastTicks) =>
        classified[key] = Math.Max(lastTicks, classified.GetValueOrDefault(key, forgottenThrough));

    /// <summary>Bounds the memory: keys whose last request is well behind the clock are forgotten.</summary>
    public void Forget(long beforeTicks)
    {
        foreach (var (key, through) in classified)
        {
            if (through >= beforeTicks)
                continue;
            forgottenThrough = Math.Max(forgottenThrough, through);
            classified.Remove(key);
        }
    }
}
