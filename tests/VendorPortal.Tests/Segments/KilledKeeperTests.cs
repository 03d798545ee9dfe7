using System.Diagnostics;
using System.Globalization;
using Microsoft.Data.Sqlite;
using VendorPortal.Benchmarks.Areas;
using VendorPortal.Reports;
using VendorPortal.Tests.Testing;

namespace VendorPortal.Tests.Segments;

/// <summary>A process that writes, seals, merges and builds anew as fast as it can is killed at random points; what it leaves is right, and heals.</summary>
public sealed class KilledKeeperTests
{
    private const int Rounds = 8;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [Fact]
    public Task Log_KilledWhileSegmentsAreBuilt_AnswersRightAndHeals() => RandomSeed.CheckAsync(KillAndCheckAsync);

    private static async Task KillAndCheckAsync(int seed)
    {
        using var store = LivingLogTests.Filled(seed);
        await store.SealAsync(LogOracle.Vendor, Churn.Seal, Churn.Max);
        var random = new Random(seed);
        for (var round = 0; round < Rounds; round++)
        {
            await RunAndKillAsync(store, seed: random.Next(), steps: random.Next(1, 150));
            foreach (var filter in LogOracle.Filters(3, seed: random.Next()).Append(PullFilter.Everything))
                await LogOracle.CheckAsync(store.Database, filter);
            if (round % 2 == 0)
                continue; // the next run finds what this one left

            await store.SealAsync(LogOracle.Vendor, Churn.Seal, Churn.Max);
            var state = SegmentState.Read(store.Database);
            Assert.True(state is { IsWhole: true, RowsAbove: < Churn.Seal }, $"{state}");
            await LogOracle.CheckAsync(store.Database, PullFilter.Everything);
        }
    }

    // Every step is told by a letter; it is killed somewhere in the one after the last that was waited for.
    private static async Task RunAndKillAsync(TestStore store, int seed, int steps)
    {
        using (var connection = new SqliteConnection(store.Database.ConnectionString))
            SqliteConnection.ClearPool(connection);
        using var limit = new CancellationTokenSource(Limit);
        using var process = Process.Start(new ProcessStartInfo("dotnet",
        [
            Path.Combine(AppContext.BaseDirectory, "VendorPortal.Benchmarks.dll"), "churn", "--data", store.DataDirectory, "--seed", seed.ToString(CultureInfo.InvariantCulture),
        ])
        {
            UseShellExecute = false, RedirectStandardOutput = true,
        })!;
        try
        {
            var letter = new char[1];
            for (var step = 0; step < steps; step++)
                Assert.Equal(1, await process.StandardOutput.ReadAsync(letter, limit.Token));
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync(CancellationToken.None);
        }

        Assert.NotEqual(0, process.ExitCode);
    }
}
