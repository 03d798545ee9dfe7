using VendorPortal.Classification;
using VendorPortal.Feeds;
using VendorPortal.Hosting;

namespace VendorPortal.Import;

/// <summary>Imports files into a feed, from reading them to their last pull. The command line and the page share it.</summary>
public sealed class FileImport(ImportFiles files, RequestImport requests, ClassificationService classification, PortalOptions options, TimeProvider time)
{
    // A stuck classification must not hold an import for ever.
    private static readonly TimeSpan SettlesWithin = TimeSpan.FromSeconds(30);

    /// <summary>Returns when all of it is stored. Cancelled, it leaves what is stored; the same files again complete it.</summary>
    /// <exception cref="InputException">A file is not of the feed's format; the message names it.</exception>
    public async Task<ImportCounts> RunAsync(FeedIdentity feed, IReadOnlyList<ImportSource> sources, ImportMonitor monitor, CancellationToken ct)
    {
        var days = options.Retention.JournalDays;
        var journalFrom = days == 0 ? DateTime.MinValue : time.GetUtcNow().UtcDateTime.Date.AddDays(-days);
        var folder = Path.Combine(options.DataDirectory, "import");
        var counts = await requests.RunAsync(new ImportTarget(feed.VendorId, feed.FeedId, journalFrom), files.ReadAsync(feed, sources, monitor, ct), folder, monitor, ct);
        await classification.SettleAsync(feed.VendorId, feed.FeedId, SettlesWithin, ct);
        return counts;
    }
}
