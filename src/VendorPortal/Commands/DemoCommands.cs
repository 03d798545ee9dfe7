using System.CommandLine;
using System.Globalization;
using VendorPortal.Demo;
using VendorPortal.Hosting;

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
        var sample = host.Services.GetRequiredService<SampleVendor>();
        var requests = await host.ReceivingAsync(() => sample.LoadAsync(new PercentLine(parsed.InvocationConfiguration.Error), ct), ct);
        await parsed.WriteJsonAsync(new { vendor = SampleVendor.Slug, requests });
        return 0;
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
