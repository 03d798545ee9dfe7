using VendorPortal.Benchmarks.Measuring;

namespace VendorPortal.Benchmarks.Areas;

internal static class IngestArea
{
    public static Task RunAsync(Report report, BenchmarkOptions options, CancellationToken ct) => Task.CompletedTask;
}
