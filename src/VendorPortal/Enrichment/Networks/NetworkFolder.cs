using System.Security.Cryptography;
using VendorPortal.Hosting;

namespace VendorPortal.Enrichment.Networks;

/// <summary>
/// Looks at the operator's folder of networks every few seconds and takes over what is new in it, without a restart. A file counts once it was
/// the same at two looks, so that none is read while it is being copied. One that cannot be read is reported, and its earlier
/// version stays in use.
/// </summary>
public sealed class NetworkFolder(NetworkLookup lookup, PortalOptions options, TimeProvider time, ILogger<NetworkFolder> logger) : BackgroundService
{
    internal static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(10);

    private readonly string folder = options.Networks.FolderIn(options.DataDirectory);
    private Dictionary<string, Entry> entries = new(StringComparer.Ordinal);
    private List<Version> seen = [];

    private enum State
    {
        Fine,
        Damaged,
        Unreadable,
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        try
        {
            Look(first: true, stoppingToken);
            lookup.SetComplete();
            using var timer = new PeriodicTimer(LookEvery, time);
            while (await timer.WaitForNextTickAsync(stoppingToken))
                Look(first: false, stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // the host stops
        }
    }

    /// <summary>One look. At the first, files are taken as they are.</summary>
    internal void Look(bool first, CancellationToken ct)
    {
        try
        {
            var now = Versions();
            var settled = first || now.SequenceEqual(seen);
            seen = now;
            if (settled && !now.SequenceEqual(entries.Values.Where(e => e.State != State.Unreadable).Select(e => e.Version)))
                Take(now, ct);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            logger.LogError(error, "The folder of networks {Folder} cannot be read; what is in use stays", folder);
        }
    }

    private List<Version> Versions() => !Directory.Exists(folder) ? [] :
    [
        .. new DirectoryInfo(folder).EnumerateFiles()
            .Where(file => file.Name[0] != '.' && NetworkFileContent.Extensions.Contains(file.Extension, StringComparer.OrdinalIgnoreCase))
            .OrderBy(file => file.Name, StringComparer.Ordinal)
            .Select(file => new Version(file.Name, file.Length, file.LastWriteTimeUtc)),
    ];

    private void Take(List<Version> versions, CancellationToken ct)
    {
        var taken = new Dictionary<string, Entry>(StringComparer.Ordinal);
        long bytes = 0;
        foreach (var version in versions)
        {
            ct.ThrowIfCancellationRequested();
            var before = entries.GetValueOrDefault(version.Name);
            var unchanged = before is not null && before.Version == version && before.State != State.Unreadable;
            bytes += version.Length;
            taken.Add(version.Name, unchanged ? before! : Read(version, bytes, before?.File));
        }

        entries = taken;
        lookup.Use([.. taken.Values.Select(e => e.File).OfType<NetworkFile>()], [.. taken.Values.Select(Status)]);
    }

    private Entry Read(Version version, long bytesTogether, NetworkFile? before)
    {
        try
        {
            if (bytesTogether > options.Networks.MaxBytes)
                throw new NetworkFileException($"With it the files have more than the {options.Networks.MaxBytes:N0} bytes of Portal:Networks:MaxBytes.");
            var file = File.ReadAllBytes(Path.Combine(folder, version.Name));
            var content = NetworkFileContent.Read(version.Name, file);
            logger.LogInformation("Networks: {File} is in use: {What}, {Entries} networks", version.Name, content.What, content.Entries);
            return new Entry(version, new NetworkFile(version.Name, SHA256.HashData(file), content), State.Fine, null);
        }
        catch (NetworkFileException error)
        {
            logger.LogWarning("Networks: {File} is not used. {Reason}", version.Name, error.Message);
            return new Entry(version, before, State.Damaged, error.Message);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            if (entries.GetValueOrDefault(version.Name)?.State != State.Unreadable) // it is tried again at each look
                logger.LogWarning("Networks: {File} cannot be read. {Reason}", version.Name, error.Message);
            return new Entry(version, before, State.Unreadable, "It cannot be read: check its permissions.");
        }
    }

    private static NetworkFileStatus Status(Entry entry)
    {
        var content = entry.File?.Content;
        return new NetworkFileStatus(entry.Version.Name, content?.What ?? "", content?.Entries ?? 0, content?.BuiltUtc ?? entry.Version.WrittenUtc, entry.Error, entry.File is not null);
    }

    private readonly record struct Version(string Name, long Length, DateTime WrittenUtc);

    private sealed record Entry(Version Version, NetworkFile? File, State State, string? Error);
}
