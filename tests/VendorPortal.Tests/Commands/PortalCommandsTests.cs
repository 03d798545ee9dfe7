using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using VendorPortal.Commands;
using VendorPortal.Storage.Entities;

namespace VendorPortal.Tests.Commands;

/// <summary>The contract of the command line: what is on standard output, what on standard error, and the exit code.</summary>
public sealed class PortalCommandsTests : IDisposable
{
    private static readonly string[] Owner = ["--Portal:Owner:Email=owner@acme.example", "--Portal:Owner:Password=correct horse battery", "--Portal:Owner:Vendor=acme"];

    private readonly string folder = Directory.CreateTempSubdirectory("portal-commands-").FullName;

    private sealed record Ran(int Code, string Output, string Error)
    {
        /// <summary>The one JSON value on standard output.</summary>
        public JsonElement Json => JsonDocument.Parse(Output).RootElement;
    }

    private async Task<Ran> RunAsync(params string[] arguments)
    {
        using var output = new StringWriter(CultureInfo.InvariantCulture);
        using var error = new StringWriter(CultureInfo.InvariantCulture);
        var code = await PortalCommands.RunAsync([.. arguments, "--data", folder], output, error);
        return new Ran(code, output.ToString(), error.ToString());
    }

    private async Task<Ran> DoneAsync(params string[] arguments)
    {
        var ran = await RunAsync([.. arguments, .. Owner]);
        Assert.True(ran.Code == 0, ran.Error);
        return ran;
    }

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task FeedAdd_EmptyDataDirectoryWithOwnerSettings_PrintsExactlyOneObject()
    {
        var ran = await DoneAsync("feed", "add", "--name", "Registry", "--kind", "distribution");

        Assert.Equal(["id", "url", "secret"], ran.Json.EnumerateObject().Select(p => p.Name));
        Assert.Equal("1-1", ran.Json.GetProperty("id").GetString());
        Assert.Equal("http://localhost:8080/ingest/1-1", ran.Json.GetProperty("url").GetString());
        Assert.Equal(43, ran.Json.GetProperty("secret").GetString()!.Length);
        Assert.Equal(1, ran.Output.Count(c => c == '\n'));
        Assert.Empty(ran.Error);
    }

    [Fact]
    public async Task FeedAdd_PublicUrl_IsWhatRegistriesAreTold()
    {
        var ran = await DoneAsync("feed", "add", "--name", "x", "--kind", "ndjson", "--Portal:PublicUrl=https://portal.example");

        Assert.Equal("https://portal.example/ingest/1-1", ran.Json.GetProperty("url").GetString());
    }

    [Fact]
    public async Task FeedListAndRemove_AfterAdd_FollowIt()
    {
        await DoneAsync("feed", "add", "--name", "One", "--kind", "distribution");
        await DoneAsync("feed", "add", "--name", "Two", "--kind", "ndjson");

        Assert.Equal(["One", "Two"], (await DoneAsync("feed", "list", "--json")).Json.EnumerateArray().Select(f => f.GetProperty("name").GetString()!));
        Assert.Empty((await DoneAsync("feed", "remove", "1-1")).Output);
        Assert.Equal(["1-2"], (await DoneAsync("feed", "list", "--json")).Json.EnumerateArray().Select(f => f.GetProperty("id").GetString()!));
        Assert.Equal(["ID", "1-2"], (await DoneAsync("feed", "list")).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split(' ')[0]));
        Assert.Equal("Vendor 'acme' has no feed '1-1' in use.\n", (await RunAsync("feed", "remove", "1-1")).Error);
    }

    [Fact]
    public async Task FeedAdd_File_PrintsIdAndPathAndTheListShowsIt()
    {
        var log = Path.Combine(folder, "access.log");

        var ran = await DoneAsync("feed", "add", "--name", "edge", "--kind", "accesslog", "--file", log);

        Assert.Equal(["id", "file"], ran.Json.EnumerateObject().Select(p => p.Name));
        Assert.Equal(log, ran.Json.GetProperty("file").GetString());
        var listed = Assert.Single((await DoneAsync("feed", "list", "--json")).Json.EnumerateArray());
        Assert.Equal((log, 0, JsonValueKind.Null), (listed.GetProperty("file").GetString(), listed.GetProperty("filePosition").GetInt64(), listed.GetProperty("url").ValueKind));
        Assert.Contains(log, (await DoneAsync("feed", "list")).Output, StringComparison.Ordinal);
        Assert.Equal("Only a feed of kind accesslog or ndjson is read from a file.\n", (await RunAsync("feed", "add", "--name", "x", "--kind", "harbor", "--file", log)).Error);
    }

    [Fact]
    public async Task TokenAddListRevoke_ForAMember_FollowEachOther()
    {
        var made = await DoneAsync("token", "add", "--name", "CI", "--email", "Owner@acme.example");
        Assert.Equal(["id", "token"], made.Json.EnumerateObject().Select(p => p.Name));
        Assert.StartsWith("vp_1_1_", made.Json.GetProperty("token").GetString(), StringComparison.Ordinal);

        Assert.Equal(["CI"], (await DoneAsync("token", "list", "--json")).Json.EnumerateArray().Select(t => t.GetProperty("name").GetString()!));
        Assert.DoesNotContain(made.Json.GetProperty("token").GetString()!, (await DoneAsync("token", "list")).Output, StringComparison.Ordinal);
        await DoneAsync("token", "revoke", "1");
        Assert.Empty((await DoneAsync("token", "list", "--json")).Json.EnumerateArray());
        Assert.Equal(1, (await RunAsync("token", "revoke", "1")).Code);
    }

    [Fact]
    public async Task Migrate_TwiceInARow_SaysWhatItDid()
    {
        Assert.Contains("Initial", (await DoneAsync("migrate")).Output, StringComparison.Ordinal);
        var again = await DoneAsync("migrate");
        Assert.Equal(("", "The store is up to date."), (again.Output, again.Error.Trim()));
    }

    [Fact]
    public async Task Reclassify_NobodyServes_DoesItHereAndPrintsOneObjectLast()
    {
        var ran = await DoneAsync("reclassify", "--from", "2026-05-01", "--to", "2026-05-31");

        Assert.Equal(["vendor", "requests", "rewritten", "ruleset"], ran.Json.EnumerateObject().Select(p => p.Name));
        Assert.Equal(1, ran.Output.Count(c => c == '\n'));
        Assert.Contains("100 %", ran.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--from", "soon", "--from 'soon' cannot be used. Accepted: a date such as 2026-05-01")]
    [InlineData("--to", "2026-13-01", "--to '2026-13-01' cannot be used. Accepted: a date such as 2026-05-01")]
    public async Task Reclassify_TimeThatIsNone_NamesTheOptionAndTheForm(string option, string value, string words)
    {
        var ran = await RunAsync(["reclassify", option, value, .. Owner]);

        Assert.Equal((1, ""), (ran.Code, ran.Output));
        Assert.StartsWith(words, ran.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Retention_OfLessThanNothing_IsRefusedAtStart()
    {
        var ran = await RunAsync(["migrate", "--Portal:Retention:JournalDays=-1"]);

        Assert.Equal(2, ran.Code);
        Assert.Equal("Portal:Retention:JournalDays must be a number of days from 1 to 36500, or 0 to keep requests for ever.", ran.Error.Trim());
    }

    [Fact]
    public async Task ExportDownloads_ToAFile_WritesTheHeaderAndLeavesNothingBeside()
    {
        var file = Path.Combine(folder, "out.csv");

        var ran = await DoneAsync("export", "downloads", "--from", "2026-05-01", "--customer", "Initech", "--customer", "Hooli", "--not-customer", "Globex", "--text", "acme", "--version", "1.0", "--out", file);

        Assert.Equal("Date,Customer,User,Email,Address,Artifact,Version\r\n", await File.ReadAllTextAsync(file));
        Assert.False(File.Exists(file + ".part"));
        Assert.Equal(("", "0 pulls"), (ran.Output, ran.Error.Trim()));
    }

    [Theory]
    [InlineData("out.csv", 0, ExportResult.Complete)]
    [InlineData("no-such-folder/out.csv", 1, ExportResult.Failed)]
    public async Task ExportDownloads_HoweverItEnds_IsInTheHistoryOfExports(string file, int code, ExportResult result)
    {
        var path = Path.Combine(folder, file);
        var ran = await RunAsync(["export", "downloads", "--customer", "Initech", "--out", path, .. Owner]);

        Assert.Equal(code, ran.Code);
        await using var connection = await OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT VendorId, Who, MemberId, TokenId, Query, Format, Bytes, Result, EndedUtc IS NOT NULL FROM Exports";
        await using var records = await command.ExecuteReaderAsync();
        Assert.True(await records.ReadAsync());
        Assert.Equal(
            [1L, "command line", DBNull.Value, DBNull.Value, "customer=Initech", "csv", File.Exists(path) ? new FileInfo(path).Length : 0, (long)result, 1L],
            Enumerable.Range(0, records.FieldCount).Select(records.GetValue));
        Assert.False(await records.ReadAsync());
    }

    [Fact]
    public async Task AnyCommand_NoVendorYet_SaysHowToGetOne()
    {
        var ran = await RunAsync("feed", "add", "--name", "x", "--kind", "ndjson");

        Assert.Equal((1, ""), (ran.Code, ran.Output));
        Assert.StartsWith("There is no vendor yet. Start the portal and follow its setup page", ran.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnyCommand_SeveralVendors_AsksWhich()
    {
        await DoneAsync("migrate");
        await DoneAsync("feed", "list");
        await AddVendorAsync("zeta", isSample: true);
        Assert.Equal(0, (await RunAsync("feed", "list")).Code);
        await AddVendorAsync("globex", isSample: false);

        Assert.Equal("There are several vendors; choose one with --vendor: acme, globex, zeta.\n", (await RunAsync("feed", "list")).Error);
        Assert.Equal("There is no vendor 'nope'. There is: acme, globex, zeta.\n", (await RunAsync("feed", "list", "--vendor", "nope")).Error);
        Assert.Equal("3-1", (await DoneAsync("feed", "add", "--name", "x", "--kind", "ndjson", "--vendor", "globex")).Json.GetProperty("id").GetString());
    }

    [Theory]
    [InlineData("There is no kind 'foo'. There is: distribution, accesslog, harbor, cloudevents, ndjson, dvpcsv. (See feed add --help.)", "feed", "add", "--name", "x", "--kind", "foo")]
    [InlineData("--format and --address are for --kind accesslog. (See feed add --help.)", "feed", "add", "--name", "x", "--kind", "ndjson", "--format", "combined")]
    [InlineData("Option '--name' is required. (See feed add --help.)", "feed", "add", "--kind", "ndjson")]
    [InlineData("'fed' is not a command. (See --help.)", "fed", "add")]
    [InlineData("'lost' is not a command. (See feed list --help.)", "feed", "list", "lost")]
    [InlineData("There is no option '--port'. (See --help.)", "--port", "80")]
    [InlineData("--limit", "export", "downloads", "--limit", "5")]
    [InlineData("--kind: ", "export", "downloads", "--kind", "pull")]
    [InlineData("--from: ", "export", "downloads", "--from", "2026-05-02", "--to", "2026-05-01")]
    [InlineData("--format is 'xml'; the form is csv, ndjson or json.", "export", "downloads", "--format", "xml")]
    [InlineData("Portal:PublicUrl is 'foo'; the form is https://host[:port].", "feed", "list", "--Portal:PublicUrl=foo")]
    public async Task AnyCommand_BadInput_IsOneLineOnStandardErrorAndExitCode2(string message, params string[] arguments)
    {
        var ran = await RunAsync([.. arguments, .. Owner]);

        Assert.Equal((2, ""), (ran.Code, ran.Output));
        Assert.Contains(message, ran.Error, StringComparison.Ordinal);
        Assert.Equal(1, ran.Error.Count(c => c == '\n'));
    }

    [Fact]
    public async Task Help_Anywhere_IsPrintedWithoutTouchingAnything()
    {
        var missing = Path.Combine(folder, "none");
        using var output = new StringWriter(CultureInfo.InvariantCulture);

        Assert.Equal(0, await PortalCommands.RunAsync(["feed", "add", "--help", "--data", missing], output, output));

        Assert.Contains("--kind", output.ToString(), StringComparison.Ordinal);
        Assert.False(Directory.Exists(missing));
    }

    [Fact]
    public async Task Program_AsAProcess_PrintsTheObjectAloneOnStandardOutput()
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "VendorPortal.dll"), "feed", "add", "--name", "x", "--kind", "ndjson", "--data", folder, .. Owner])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await process.WaitForExitAsync(limit.Token);

        Assert.True(process.ExitCode == 0, await error);
        Assert.Equal("1-1", JsonDocument.Parse(await output).RootElement.GetProperty("id").GetString());
    }

    private async Task<SqliteConnection> OpenAsync()
    {
        var connection = new SqliteConnection($"Data Source={Path.Combine(folder, "portal.db")}");
        await connection.OpenAsync();
        return connection;
    }

    private async Task AddVendorAsync(string slug, bool isSample)
    {
        await using var connection = await OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "INSERT INTO Vendors (Slug, Name, CreatedUtc, Mode, IsSample) VALUES (@slug, @slug, '2026-05-01 00:00:00', 0, @sample)";
        command.Parameters.AddWithValue("@slug", slug);
        command.Parameters.AddWithValue("@sample", isSample);
        await command.ExecuteNonQueryAsync();
    }
}
