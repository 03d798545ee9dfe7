using VendorPortal.Benchmarks.Measuring;

namespace VendorPortal.Benchmarks.Areas;

/// <summary>Makes the log where it is not there yet, so that the other areas find it.</summary>
internal static class GenerateArea
{
    public static async Task RunAsync(Report report, BenchmarkOptions options, CancellationToken ct)
    {
        await using var store = await OpenAsync(options, ct);
        Report.Say($"{store.DatabaseFile}, fingerprint {store.Facts.Fingerprint}");
    }

    public static Task<BenchmarkStore> OpenAsync(BenchmarkOptions options, CancellationToken ct) =>
        BenchmarkStore.OpenAsync(options.Data, options.Pulls, options.Seed, Report.Say, ct);
}
