using System.Text;
using VendorPortal.Feeds;
using VendorPortal.Journal;
using VendorPortal.Usage;

namespace VendorPortal.Tests.Usage;

public sealed class UsageParserTests
{
    private const string Head = "\"id\":\"1\",\"at\":\"2026-05-20T10:00:00.1239Z\",\"user\":\"ann\"";
    private static readonly DateTime Now = new(2026, 5, 20, 12, 0, 0, DateTimeKind.Utc);

    [Fact]
    public void Kinds_AllOfTheDocumentation_AreRead()
    {
        UsageEvent Expected(UsageKind kind) => new() { Id = "1", AtUtc = Now.AddHours(-2).AddMilliseconds(123), Kind = kind, User = "ann" };
        Assert.Equal(Expected(UsageKind.Active) with { Name = "4.2.0", System = "Ubuntu", How = UsageWays.Cli }, Read(Head + ",\"kind\":\"active\",\"version\":\"4.2.0\",\"os\":\"Ubuntu\",\"interface\":\"cli\""));
        Assert.Equal(Expected(UsageKind.Build) with { DurationMs = 12_346, How = 0 }, Read(Head + ",\"kind\":\"build\",\"duration\":12.3456,\"success\":false"));
        Assert.Equal(Expected(UsageKind.ContainerRun) with { How = UsageWays.ContainerCompose }, Read(Head + ",\"kind\":\"container_run\",\"through\":\"compose\""));
        Assert.Equal(Expected(UsageKind.ImagePull) with { Name = "redis:7" }, Read(Head + ",\"kind\":\"image_pull\",\"image\":\"redis:7\""));
        Assert.Equal(Expected(UsageKind.ImagePush) with { Name = "redis:7", Customer = "Initech" }, Read(Head + ",\"kind\":\"image_push\",\"image\":\"redis:7\",\"customer\":\" Initech \""));
        Assert.Equal(Expected(UsageKind.ExtensionInstalled) with { Name = "logs" }, Read(Head + ",\"kind\":\"extension_installed\",\"name\":\"logs\""));
        Assert.Equal(Expected(UsageKind.ExtensionRemoved) with { Name = "logs" }, Read(Head + ",\"kind\":\"extension_removed\",\"name\":\"logs\""));
        Assert.Equal(Expected(UsageKind.AnalyticsOptOut), Read(Head + ",\"kind\":\"analytics_opt_out\""));
        Assert.Equal(Expected(UsageKind.AnalyticsOptIn), Read(Head + ",\"kind\":\"analytics_opt_in\""));
    }

    [Theory]
    [InlineData("\"at\":\"2026-05-20T10:00:00Z\",\"user\":\"ann\",\"kind\":\"build\"", "id ")]
    [InlineData("\"id\":\"\",\"at\":\"2026-05-20T10:00:00Z\"", "id ")]
    [InlineData("\"id\":\"1\",\"at\":\"2026-05-20T10:00:00\"", "at ")]
    [InlineData("\"id\":\"1\",\"at\":\"2026-05-20T13:00:01Z\"", "at lies more than an hour in the future")]
    [InlineData("\"id\":\"1\",\"at\":\"2026-04-19T23:59:59Z\"", "at lies before the 30 days")]
    [InlineData("\"id\":\"1\",\"at\":\"2026-05-20T10:00:00Z\",\"kind\":\"dance\"", "kind ")]
    [InlineData("\"id\":\"1\",\"at\":\"2026-05-20T10:00:00Z\",\"kind\":\"build\",\"user\":\" \"", "user ")]
    [InlineData(Head + ",\"kind\":\"active\",\"os\":\"Linux\",\"interface\":\"cli\"", "version ")]
    [InlineData(Head + ",\"kind\":\"active\",\"version\":\"1\",\"interface\":\"cli\"", "os ")]
    [InlineData(Head + ",\"kind\":\"active\",\"version\":\"1\",\"os\":\"Linux\",\"interface\":\"tui\"", "interface ")]
    [InlineData(Head + ",\"kind\":\"build\",\"success\":true", "duration ")]
    [InlineData(Head + ",\"kind\":\"build\",\"success\":true,\"duration\":-1", "duration ")]
    [InlineData(Head + ",\"kind\":\"build\",\"success\":true,\"duration\":\"5\"", "duration ")]
    [InlineData(Head + ",\"kind\":\"build\",\"duration\":1", "success ")]
    [InlineData(Head + ",\"kind\":\"build\",\"duration\":1,\"success\":1", "success ")]
    [InlineData(Head + ",\"kind\":\"container_run\",\"through\":\"ssh\"", "through ")]
    [InlineData(Head + ",\"kind\":\"image_pull\"", "image ")]
    [InlineData(Head + ",\"kind\":\"image_push\",\"image\":7", "image ")]
    [InlineData(Head + ",\"kind\":\"extension_installed\"", "name ")]
    public void Field_MissingOrWrong_RefusesTheEventByItsName(string fields, string reason)
    {
        var batch = new FeedBatch();
        new UsageParser(FeedFraming.Lines, 10, 30).Read(Encoding.UTF8.GetBytes("{" + fields + "}"), Now, batch);

        Assert.Empty(batch.Usage);
        Assert.StartsWith(reason, Assert.Single(batch.Rejected).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Clock_AheadByMinutes_IsTakenForNow() => Assert.Equal(Now, Read("\"id\":\"1\",\"at\":\"2026-05-20T12:59:00Z\",\"user\":\"ann\",\"kind\":\"analytics_opt_out\"").AtUtc);

    [Fact]
    public void Text_LongOrWithControlCharacters_IsCleaned()
    {
        var read = Read(Head + ",\"kind\":\"image_pull\",\"image\":\"a\\u0000b" + new string('x', 400) + "\"");

        Assert.Equal("ab" + new string('x', 253), read.Name);
    }

    private static UsageEvent Read(string fields)
    {
        var batch = new FeedBatch();
        new UsageParser(FeedFraming.Lines, 10, 0).Read(Encoding.UTF8.GetBytes("{" + fields + "}"), Now, batch);
        Assert.Empty(batch.Rejected);
        return Assert.Single(batch.Usage);
    }
}
