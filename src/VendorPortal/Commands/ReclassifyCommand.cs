using System.CommandLine;
using System.Globalization;
using VendorPortal.Classification;
using VendorPortal.Hosting;
using VendorPortal.Reports;

namespace VendorPortal.Commands;

/// <summary><c>reclassify</c>: folds the journal of a range into pulls once more, with the rules of this version.</summary>
internal static class ReclassifyCommand
{
    // A portal that serves looks for work every few seconds, and goes on every quarter of one.
    private static readonly TimeSpan NothingHappens = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(500);

    // A portal that is started meanwhile waits for us; between two turns it gets its chance.
    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(10);

    public static Command Build()
    {
        var from = new Option<string?>("--from") { Description = "First day (UTC) or instant: 2026-05-01 or 2026-05-01T10:00:00Z; default: all that is kept.", HelpName = "D" };
        var to = new Option<string?>("--to") { Description = "Last day, or instant it ends before; default: now.", HelpName = "D" };
        var command = new Command("reclassify", "Builds pulls, segments and roll-ups of a range from the journal once more. Given again, it goes on where it was ended.") { from, to, CommonOptions.Vendor };
        command.SetAction(async (parsed, ct) =>
        {
            var (fromUtc, toUtc) = (Time(parsed, from, isEnd: false), Time(parsed, to, isEnd: true));
            if (fromUtc >= toUtc)
                throw new InputException("--from lies behind --to; the range is empty.");
            await using var host = await CommandHost.ReadyAsync(parsed, ct);
            var vendor = await host.VendorAsync(parsed, ct);
            var reclassifier = host.Services.GetRequiredService<Reclassifier>();
            var error = parsed.InvocationConfiguration.Error;
            if (await reclassifier.BeginAsync(vendor.Id, fromUtc, toUtc, ct))
                await error.WriteLineAsync("Going on with what an earlier run has begun.");
            var done = await WaitAsync(reclassifier, vendor.Id, new ProgressBar(error), ct);
            await parsed.WriteJsonAsync(new { vendor = vendor.Slug, requests = done.Requests, rewritten = done.Rewritten, ruleset = PullClassifier.Ruleset });
            return 0;
        });
        return command;
    }

    // Works itself where nobody else classifies, else watches who does.
    private static async Task<ReclassificationProgress> WaitAsync(Reclassifier reclassifier, int vendorId, ProgressBar bar, CancellationToken ct)
    {
        var (last, since) = ((ReclassificationProgress?)null, DateTime.UtcNow);
        while (true)
        {
            var works = await reclassifier.WorkAsync(Turn, progress => bar.Report(progress.Fraction, Words(progress)), vendorId, ct);
            var now = await reclassifier.ReadAsync(vendorId, ct) ?? throw new InputException("The vendor is gone.");
            bar.Report(now.Fraction, Words(now));
            if (now.IsFinished)
            {
                bar.End();
                return now;
            }

            if (works || now != last)
                (last, since) = (now, DateTime.UtcNow);
            else if (DateTime.UtcNow - since > NothingHappens)
                throw new InputException("Another process classifies on this store and does not take this up. Is it a portal of an earlier version? Stop it and run this again.");
            await Task.Delay(LookEvery, ct);
        }
    }

    private static string Words(ReclassificationProgress progress) =>
        string.Create(CultureInfo.InvariantCulture, $"{progress.Requests:N0} requests, {progress.Rewritten:N0} rows changed");

    private static DateTime? Time(ParseResult parsed, Option<string?> option, bool isEnd)
    {
        if (parsed.GetValue(option) is not { } text)
            return null;
        return FilterTimes.TryParse(text, isEnd, TimeZoneInfo.Utc, out var utc) ? utc : throw new InputException($"{option.Name} '{text}' cannot be used. Accepted: {FilterTimes.Accepted}.");
    }
}
