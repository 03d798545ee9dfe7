using System.Text;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging.Abstractions;
using VendorPortal.Analytics;
using VendorPortal.Hosting;
using VendorPortal.Reports;
using VendorPortal.Tests.Testing;

namespace VendorPortal.Tests.Analytics;

/// <summary>The reports of a store at a given time, without a portal around them.</summary>
internal sealed class ReportBench : IDisposable
{
    private readonly ApplicationLifetime lifetime = new(NullLogger<ApplicationLifetime>.Instance);

    public ReportBench(TestStore store, DateTimeOffset now, long maxPartBytes = 64 * 1024 * 1024)
    {
        Time = new ManualTimeProvider(now);
        var options = new PortalOptions { DataDirectory = store.DataDirectory, Reports = new ReportOptions { MaxPartBytes = maxPartBytes } };
        Folder = Path.Combine(store.DataDirectory, "reports");
        Calendar = new ReportCalendar(store.Database, Time);
        Files = new ReportFiles(store.Database, store.Contexts, Calendar, options, lifetime, Time);
        Series = new PublisherSeries(new SummaryReader(store.Database), Calendar, Time);
    }

    public ManualTimeProvider Time { get; }

    public ReportCalendar Calendar { get; }

    public ReportFiles Files { get; }

    public PublisherSeries Series { get; }

    public string Folder { get; }

    public static ReportKey Key(ReportView view, string day, ReportTimespan timespan = ReportTimespan.Weeks, string ns = "acme") =>
        new(ns, ReportPeriod.Of(timespan, DateOnly.Parse(day, System.Globalization.CultureInfo.InvariantCulture)), view);

    /// <summary>The text of a part.</summary>
    public async Task<string> TextAsync(int vendor, ReportKey key, int part = 1, int? revision = null)
    {
        var open = await Files.OpenAsync(vendor, key, part, revision, CancellationToken.None);
        Assert.NotNull(open);
        using var reader = new StreamReader(open.Content, Encoding.UTF8);
        return await reader.ReadToEndAsync();
    }

    /// <summary>The rows of all parts of a report of a complete period, each part with its header.</summary>
    public async Task<List<IReadOnlyList<string>>> RowsAsync(int vendor, ReportKey key)
    {
        var report = await Files.EnsureAsync(vendor, key, CancellationToken.None);
        Assert.NotNull(report);
        var rows = new List<IReadOnlyList<string>>();
        foreach (var part in report.Parts)
        {
            var text = await TextAsync(vendor, key, part.Number);
            Assert.Equal(part.Bytes, Encoding.UTF8.GetByteCount(text));
            var parsed = CsvText.Parse(text);
            Assert.Equal(part.Rows, parsed.Count - 1);
            if (rows.Count == 0)
                rows.Add(parsed[0]);
            Assert.Equal(rows[0], parsed[0]);
            rows.AddRange(parsed.Skip(1));
        }

        return rows;
    }

    /// <summary>Lets it pass for a period that does not change any more, as if somebody had looked a minute ago.</summary>
    public async Task RestAsync(int vendor, ReportKey key)
    {
        Files.IsAtRest(vendor, key.Period, await Files.ChangesAsync(vendor, key.Period, CancellationToken.None));
        Time.Advance(TimeSpan.FromMinutes(1));
    }

    public void Dispose()
    {
        lifetime.StopApplication();
        Files.Dispose();
    }
}
