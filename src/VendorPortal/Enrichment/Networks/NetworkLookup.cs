namespace VendorPortal.Enrichment.Networks;

/// <summary>A file of networks as its folder has it.</summary>
/// <param name="Name">The file's name.</param>
/// <param name="What">What it holds, as far as it could be read.</param>
/// <param name="Entries">Networks it tells of.</param>
/// <param name="Date">When its data was made, else when it was written; null where neither is known. UTC.</param>
/// <param name="Error">Why it, or its newest version, is not in use.</param>
/// <param name="InUse">True where a version of it answers; with an error, an earlier one.</param>
public sealed record NetworkFileStatus(string Name, string What, int Entries, DateTime? Date, string? Error, bool InUse);

/// <summary>
/// The network of an address, offline: what is built in, and the files an operator has put into the folder of networks. Answers change as
/// a whole when files do.
/// </summary>
public sealed class NetworkLookup
{
    private readonly TaskCompletionSource complete = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile NetworkData current = new(BuiltInNetworks.Current, []);

    /// <summary>Raised on a background thread when answers may have changed.</summary>
    public event Action? Changed;

    /// <summary>The operator's files and how they are; empty where there are none.</summary>
    public IReadOnlyList<NetworkFileStatus> Files { get; private set; } = [];

    /// <summary>What comes with the portal: whose data, of when.</summary>
    public static IReadOnlyList<(string Origin, DateOnly Date)> BuiltIn =>
        [(BuiltInNetworks.Current.Countries.Origin, BuiltInNetworks.Current.Countries.Date), (BuiltInNetworks.Current.Hosts.Origin, BuiltInNetworks.Current.Hosts.Date)];

    /// <summary>What is in use now; holding it keeps answers alike while files change.</summary>
    internal NetworkData Current => current;

    /// <summary>Ends when the operator's files were looked at for the first time: answers before may be of less than there is.</summary>
    internal Task Complete => complete.Task;

    /// <summary>The facts of a stored address, of 16 bytes.</summary>
    public NetworkFacts Find(ReadOnlySpan<byte> stored) => current.Find(stored);

    internal void SetComplete() => complete.TrySetResult();

    internal void Use(IReadOnlyList<NetworkFile> files, IReadOnlyList<NetworkFileStatus> status)
    {
        var before = current.Stamp;
        var data = new NetworkData(BuiltInNetworks.Current, files);
        Files = status;
        if (data.Stamp == before)
            return;
        current = data;
        Changed?.Invoke();
    }
}
