using System.Text;
using System.Text.Json;
using VendorPortal.Feeds;
using VendorPortal.Feeds.AccessLogs;
using VendorPortal.Journal;
using VendorPortal.Tests.Testing;

namespace VendorPortal.Tests.Feeds;

/// <summary>The capture split over feeds and files, in any order, with repeats and restarts in between, gives the same pulls.</summary>
public sealed class CapturedShuffleTests
{
    private const int Parts = 12;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Notifications_InAnyOrder_GiveTheSamePulls(int seed)
    {
        var random = new Random(seed);
        var parts = Deal(random, Capture.Envelopes().Select(body => FeedText.Parse(new DistributionNotifications(100), body, Capture.Now)));
        var expected = await ReplayAsync([Join(Capture.Envelopes().Select(body => FeedText.Parse(new DistributionNotifications(100), body, Capture.Now)))], random: null, Capture.StepOfEvents());

        Capture.AssertSame(expected, await ReplayAsync(parts, random, Capture.StepOfEvents()));
    }

    [Fact]
    public Task Notifications_InAnOrderOfAnySeed_GiveTheSamePulls() => RandomSeed.CheckAsync(Notifications_InAnyOrder_GiveTheSamePulls);

    [Theory]
    [InlineData("json:nginx", "nginx_json.log", 1)]
    [InlineData("json:nginx", "nginx_json.log", 2)]
    [InlineData("combined", "nginx_combined.log", 3)]
    [InlineData("combined", "nginx_combined.log", 4)]
    public async Task LogCutIntoFiles_InAnyOrder_GivesTheSamePulls(string format, string file, int seed)
    {
        var random = new Random(seed);
        AccessLog Open() => new(new AccessLogFormat(format).Layout(), 42, new LineOrder());
        var steps = Capture.StepOfLines(file, Open());
        var whole = FeedText.Parse(Open(), File.ReadAllBytes(Capture.Path(file)), Capture.Now);
        var expected = await ReplayAsync([whole], random: null, steps);

        var parts = Cut(random, File.ReadAllLines(Capture.Path(file))).Select(text => FeedText.Parse(Open(), text, Capture.Now)).ToList();

        Assert.Equal(whole.Requests.Count, parts.Sum(p => p.Requests.Count));
        Capture.AssertSame(expected, await ReplayAsync(parts, random, steps));
    }

    [Theory]
    [InlineData("json:nginx", "nginx_json.log")]
    [InlineData("combined", "nginx_combined.log")]
    public Task LogCutIntoFiles_InAnOrderOfAnySeed_GivesTheSamePulls(string format, string file) =>
        RandomSeed.CheckAsync(seed => LogCutIntoFiles_InAnyOrder_GivesTheSamePulls(format, file, seed));

    private static async Task<SortedDictionary<string, string>> ReplayAsync(IReadOnlyList<FeedBatch> parts, Random? random, IReadOnlyDictionary<UInt128, string> steps)
    {
        await using var pipeline = await Pipeline.StartAsync();
        pipeline.Time.Advance(Capture.Now - pipeline.Time.GetUtcNow().UtcDateTime);
        await pipeline.SendAsync(Capture.Graph());
        var order = Enumerable.Range(0, parts.Count).ToArray();
        random?.Shuffle(order);
        foreach (var index in order)
        {
            var feed = 1 + (index % 2);
            await pipeline.SendAsync(parts[index], feed);
            if (random is null)
                continue;
            if (random.Next(3) == 0)
                await pipeline.SendAsync(parts[index], feed);
            if (random.Next(3) == 0)
                await pipeline.AdvanceAsync(10);
            if (random.Next(4) == 0)
                await pipeline.CrashAsync();
        }

        await pipeline.AdvanceAsync(10);
        await pipeline.LogAsync();
        return await Capture.PullsAsync(pipeline.Store.Contexts, pipeline.VendorId, steps);
    }

    private static List<FeedBatch> Deal(Random random, IEnumerable<FeedBatch> events)
    {
        var parts = Enumerable.Range(0, Parts).Select(_ => new List<FeedBatch>()).ToList();
        foreach (var one in events)
            parts[random.Next(Parts)].Add(one);
        return parts.ConvertAll(p => Join(p));
    }

    // A log tells the order within a second by the order of its lines only, so a file is cut between two seconds, as rotation mostly does.
    private static List<string> Cut(Random random, string[] lines)
    {
        var files = new List<StringBuilder> { new() };
        var last = "";
        foreach (var line in lines)
        {
            var second = Second(line);
            if (second != last && random.Next(lines.Length) < Parts * 4)
                files.Add(new StringBuilder());
            files[^1].AppendLine(line);
            last = second;
        }

        return files.ConvertAll(f => f.ToString());
    }

    private static string Second(string line)
    {
        if (line[0] != '{')
            return line.Split('[')[1].Split(']')[0];
        using var json = JsonDocument.Parse(line);
        return json.RootElement.GetProperty("msec").GetString()!;
    }

    private static FeedBatch Join(IEnumerable<FeedBatch> batches)
    {
        var joined = new FeedBatch();
        foreach (var batch in batches)
        {
            joined.Requests.AddRange(batch.Requests);
            joined.Publishers.AddRange(batch.Publishers);
        }

        return joined;
    }
}
