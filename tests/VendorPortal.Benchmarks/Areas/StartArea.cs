using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using VendorPortal.Benchmarks.Measuring;

namespace VendorPortal.Benchmarks.Areas;

/// <summary>The portal as a process of its own over the generated log: how long until its first pages, and what it holds when idle.</summary>
internal static partial class StartArea
{
    private const int Starts = 3;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(10);

    public static async Task RunAsync(Report report, BenchmarkOptions options, CancellationToken ct)
    {
        string folder;
        await using (var store = await GenerateArea.OpenAsync(options, ct))
            folder = store.Folder;
        var starts = new List<Result>();
        for (var i = 0; i < Starts; i++)
            starts.Add(await StartAsync(folder, ct));

        report.Section("Start");
        report.Table(
            ["Start", "First page (sign-in), s", "Downloads page after sign-in, s", "Idle, resident MB"],
            starts.Select((s, i) => (IReadOnlyList<string>)
                [Report.Format($"{i + 1}"), Report.Format($"{s.FirstPage.TotalSeconds:F2}"), Report.Format($"{s.Downloads.TotalSeconds:F2}"), Report.Format($"{s.IdleMb:F0}")]));
        var first = starts.Max(s => s.FirstPage.TotalSeconds);
        var idle = starts.Max(s => s.IdleMb);
        report.Goals(
            new Goal("Cold start to the first page", "≤ 3 s", Report.Format($"{first:F2} s"), first <= 3),
            new Goal("Idle memory", "≤ 250 MB", Report.Format($"{idle:F0} MB"), idle <= 250));
    }

    private static async Task<Result> StartAsync(string folder, CancellationToken ct)
    {
        var watch = Stopwatch.StartNew();
        await using var portal = await PortalRun.StartAsync(folder, ct);
        using var client = new HttpClient(new SocketsHttpHandler { CookieContainer = new CookieContainer() }) { BaseAddress = portal.Address, Timeout = Patience };
        var page = await client.GetStringAsync("/sign-in", ct);
        var firstPage = watch.Elapsed;
        await SignInAsync(client, page, ct);
        var downloads = await client.GetStringAsync("/downloads", ct);
        var afterSignIn = watch.Elapsed;
        if (!downloads.Contains("team-", StringComparison.Ordinal))
            throw new InvalidOperationException("The Downloads page shows no pull.");
        await Task.Delay(Idle, ct);
        return new Result(firstPage, afterSignIn, portal.ResidentMb);
    }

    private static async Task SignInAsync(HttpClient client, string page, CancellationToken ct)
    {
        var fields = Hidden().Matches(page).Select(m => m.Value)
            .Select(tag => KeyValuePair.Create(Attribute(tag, "name"), Attribute(tag, "value")))
            .Where(f => f.Key.Length > 0).DistinctBy(f => f.Key, StringComparer.Ordinal)
            .Append(KeyValuePair.Create("Input.Email", BenchmarkStore.OwnerEmail))
            .Append(KeyValuePair.Create("Input.Password", BenchmarkStore.OwnerPassword));
        using var form = new FormUrlEncodedContent(fields);
        using var answer = await client.PostAsync(new Uri("/sign-in", UriKind.Relative), form, ct);
        answer.EnsureSuccessStatusCode();
    }

    private static string Attribute(string tag, string name)
    {
        var match = Regex.Match(tag, string.Create(CultureInfo.InvariantCulture, $"\\b{name}=\"([^\"]*)\""), RegexOptions.None, TimeSpan.FromSeconds(1));
        return match.Success ? WebUtility.HtmlDecode(match.Groups[1].Value) : "";
    }

    [GeneratedRegex("<input[^>]*type=\"hidden\"[^>]*>", RegexOptions.None, 1000)]
    private static partial Regex Hidden();

    private sealed record Result(TimeSpan FirstPage, TimeSpan Downloads, double IdleMb);
}
