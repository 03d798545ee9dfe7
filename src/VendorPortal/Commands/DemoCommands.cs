using System.CommandLine;
using System.Globalization;
using VendorPortal.Classification;
using VendorPortal.Demo;
using VendorPortal.Hosting;
using VendorPortal.Journal;

namespace VendorPortal.Commands;

/// <summary><c>demo</c> and <c>demo remove</c>: the sample vendor.</summary>
internal static class DemoCommands
{
    public static Command Build()
    {
        var demo = new Command("demo", "Loads a sample vendor with a year of pulls; replaces an earlier one.");
        demo.SetAction(LoadAsync);
        var remove = new Command("remove", "Removes the sample vendor with all its rows.");
        remove.SetAction(async (parsed, ct) =>
        {
            await using var host = await CommandHost.ReadyAsync(parsed, ct);
            return await host.Services.GetRequiredService<SampleVendor>().RemoveAsync(ct) ? 0 : throw new InputException("There is no sample vendor.");
        });
        demo.Add(remove);
        return demo;
    }

    private static async Task<int> LoadAsync(ParseResult parsed, CancellationToken ct)
    {
        await using var host = await CommandHost.ReadyAsync(parsed, ct);
        // The sample takes the way of real requests, so what receives and classifies them runs here meanwhile.
        var journal = host.Services.GetRequiredService<RequestJournal>();
        var classification = host.Services.GetRequiredService<ClassificationService>();
        classification.TakesUpEarlier = false; // a portal may be serving from the same store
        await classification.StartAsync(ct);
        await journal.StartAsync(ct);
        try
        {
            var sample = host.Services.GetRequiredService<SampleVendor>();
            var requests = await sample.LoadAsync(new PercentLine(parsed.InvocationConfiguration.Error), ct);
            await parsed.WriteJsonAsync(new { vendor = SampleVendor.Slug, requests });
            return 0;
        }
        finally
        {
            await journal.StopAsync(CancellationToken.None);
            await classification.StopAsync(CancellationToken.None);
        }
    }

    /// <summary>Writes each tenth of the way once.</summary>
    private sealed class PercentLine(TextWriter error) : IProgress<double>
    {
        private int written = -1;

        public void Report(double value)
        {
            var tenth = (int)(value * 10);
            if (tenth <= written)
                return;
            written = tenth;
            error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Loading the sample vendor: {tenth * 10} %"));
        }
    }
}
