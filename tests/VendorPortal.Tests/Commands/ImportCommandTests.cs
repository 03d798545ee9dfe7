using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using VendorPortal.Commands;
using VendorPortal.Tests.Testing;

namespace VendorPortal.Tests.Commands;

/// <summary><c>import</c> over real files: what it takes, what it prints, and that nothing counts twice however it is run and ended.</summary>
public sealed class ImportCommandTests : IDisposable
{
    private static readonly string[] Owner = ["--Portal:Owner:Email=owner@acme.example", "--Portal:Owner:Password=correct horse battery", "--Portal:Owner:Vendor=acme"];
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);

    private readonly string folder = Directory.CreateTempSubdirectory("portal-import-").FullName;

    private sealed record Ran(int Code, string Output, string Error)
    {
        public JsonElement Json => JsonDocument.Parse(Output).RootElement;

        /// <summary>Requests that are new: in pulls, or refused before the client was let in after all.</summary>
        public long New => Counts[1] + Counts[3];

        /// <summary>read, accepted, duplicates, ignored, rejected.</summary>
        public long[] Counts => [.. Json.EnumerateObject().Select(p => p.Value.GetInt64())];
    }

    private string Database(string data = "data") => Path.Combine(folder, data, "portal.db");

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Import_PlainGzipAndSeveralMembers_GiveTheSame()
    {
        var lines = PastLog.Random(1, 300);
        await ImportAsync("plain", Write("a.log", lines));
        await ImportAsync("gzip", WriteGzip("a.gz", [lines]));
        await ImportAsync("members", WriteGzip("b.gz", [lines[..100], lines[100..101], lines[101..]]));

        var expected = PastLog.Pulls(Database("plain"));
        Assert.True(expected.Count > 100, $"{expected.Count}");
        Assert.Equal(expected, PastLog.Pulls(Database("gzip")));
        Assert.Equal(expected, PastLog.Pulls(Database("members")));
    }

    [Fact]
    public async Task Import_FilesOfAPatternInTheWrongOrder_GiveTheSameAsOneFile()
    {
        var lines = PastLog.Random(2, 400);
        var (first, second) = (Cut(lines, 100), Cut(lines, 250));
        await ImportAsync("whole", Write("whole.log", lines));
        Write("access.log.2", lines[..first]);
        Write("access.log.1", lines[first..second]);
        Write("access.log", lines[second..]);

        var ran = await ImportAsync("parts", Path.Combine(folder, "access.log*")); // the newest first
        Assert.Equal((400, 400), (ran.Counts[0], ran.New));
        await ImportAsync("named", Path.Combine(folder, "access.log.1"), Path.Combine(folder, "access.log"), Path.Combine(folder, "access.log.2"));

        Assert.Equal(PastLog.Pulls(Database("whole")), PastLog.Pulls(Database("parts")));
        Assert.Equal(PastLog.Pulls(Database("whole")), PastLog.Pulls(Database("named")));
    }

    [Fact]
    public async Task Import_SameFileTwice_ChangesNothing()
    {
        var file = Write("a.log", [.. PastLog.Random(3, 300), .. Enumerable.Range(0, 9_000).Select(i => PastLog.Line(100_000 + (i * 7)))]);
        var first = await ImportAsync("data", file);
        var before = PastLog.Everything(Database());

        var again = await ImportAsync("data", file);

        Assert.Contains(before, row => row.StartsWith("segment|", StringComparison.Ordinal));
        Assert.Equal(before, PastLog.Everything(Database()));
        Assert.Equal((0, first.Counts[1]), (again.Counts[1], again.Counts[2]));
        Assert.Equal(first.Counts[0], again.Counts[0]);
    }

    // A log of seconds dates a line by its place in its second; where a file begins in the middle of one, the place is another.
    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public async Task Import_RotatedFilesThatOverlapInTheMiddleOfASecond_CountEachLineOnce(int seed)
    {
        var lines = PastLog.Random(seed, 300);
        var middle = Enumerable.Range(100, 100).First(i => Time(lines[i]) == Time(lines[i - 1]));
        await ImportAsync("whole", Write("whole.log", lines));

        var ran = await ImportAsync("overlap", Write("new.log", lines[middle..]), Write("old.log", lines[..(middle + 50)]));

        Assert.Equal(PastLog.Pulls(Database("whole")), PastLog.Pulls(Database("overlap")));
        Assert.Equal((350, 300, 50), (ran.Counts[0], ran.New, ran.Counts[2]));
    }

    [Fact]
    public async Task Import_NotificationsOnePerLine_AreReadAsDocuments()
    {
        var lines = Enumerable.Range(0, 20).Select(i => Encoding.UTF8.GetString(FeedClient.Envelope(FeedClient.Pull($"e{i}", new DateTimeOffset(PastLog.Start.AddMinutes(i)))))).Append("{\"events\":7}");

        var ran = await RunAsync("data", "import", Write("events.log", lines), "--kind", "distribution");

        Assert.Equal(0, ran.Code);
        Assert.Equal(["read", "accepted", "duplicates", "ignored", "rejected"], ran.Json.EnumerateObject().Select(p => p.Name));
        Assert.Equal([21, 20, 0, 0, 1], ran.Counts);
        Assert.Contains("Rejected 1: ", ran.Error, StringComparison.Ordinal);
        Assert.Contains("(line 21: {\"events\":7})", ran.Error, StringComparison.Ordinal);
        Assert.Equal(20, PastLog.Count(Database()));
    }

    [Fact]
    public async Task Import_SeveralFiles_NamesTheFileOfARefusedLine()
    {
        var good = PastLog.Random(1, 2);

        var ran = await RunAsync("several", "import", Write("a.log", good), Write("b.log", [good[0], "no line of a log"]), "--kind", "accesslog");

        Assert.Equal(0, ran.Code);
        Assert.Contains("b.log, line 2: no line of a log)", ran.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Import_WhatCannotBeImported_IsNamedWithExitCode()
    {
        var csv = Write("not.log", ["a,b,c", "1,2,3"]);
        (int Code, string Words, string[] Arguments)[] cases =
        [
            (1, $"There is no file '{folder}/none.log'.", [$"{folder}/none.log", "--kind", "accesslog"]),
            (1, $"No file matches '{folder}/none*'.", [$"{folder}/none*", "--kind", "accesslog"]),
            (1, $"'{folder}' is a folder; give its files", [folder, "--kind", "accesslog"]),
            (1, $"{csv} cannot be imported as accesslog: None of the first 2 lines is of the feed's format", [csv, "--kind", "accesslog"]),
            (2, "There is no kind 'syslog'.", [csv, "--kind", "syslog"]),
            (2, "Give either --feed or --kind.", [csv]),
            (2, "Give either --feed or --kind.", [csv, "--kind", "ndjson", "--feed", "1-1"]),
            (1, "There is no feed '1-9' in use.", [csv, "--feed", "1-9"]),
        ];
        foreach (var (code, words, arguments) in cases)
        {
            var ran = await RunAsync("data", ["import", .. arguments]);
            Assert.Equal((code, ""), (ran.Code, ran.Output));
            Assert.Contains(words, ran.Error, StringComparison.Ordinal);
        }

        Assert.Equal(0, PastLog.Count(Database()));
    }

    [Fact]
    public async Task Import_StandardInputOfAProcess_IsRead()
    {
        var lines = PastLog.Random(7, 200);
        await ImportAsync("file", Write("a.log", lines));
        using var process = Begin("data", "import", "-", "--kind", "accesslog");
        foreach (var line in lines)
            await process.StandardInput.WriteLineAsync(line);
        process.StandardInput.Close();

        var ran = await EndAsync(process);

        Assert.Equal((200, 200), (ran.Counts[0], ran.New));
        Assert.Equal(PastLog.Pulls(Database("file")), PastLog.Pulls(Database()));
    }

    [Fact]
    public async Task Import_RecentLinesWhereNoPortalServes_AreInTheLogWhenItReturns()
    {
        var now = DateTime.UtcNow.AddHours(-1);

        var ran = await ImportAsync("data", Write("a.log", Enumerable.Range(0, 50).Select(i => PastLog.Line(i * 10, start: now))));

        Assert.Equal([50, 50, 0, 0, 0], ran.Counts);
        Assert.Equal(50, PastLog.Count(Database()));
    }

    [Fact]
    public async Task Import_WithNetworksOfTheOperator_AsksThemForNewAddresses()
    {
        Directory.CreateDirectory(Path.Combine(folder, "data", "networks"));
        Write("data/networks/own.csv", ["203.0.113.0,203.0.113.127,DE", "203.0.113.128,203.0.113.255,FR"]);

        await ImportAsync("data", Write("a.log", [PastLog.Line(0), PastLog.Line(60, address: "203.0.113.200", start: DateTime.UtcNow.AddHours(-1))]));

        using var connection = new SqliteConnection($"Data Source={Database()};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT group_concat(Country) FROM (SELECT Country FROM Addresses ORDER BY Value)";
        Assert.Equal("DE,FR", command.ExecuteScalar());
    }

    [Fact]
    public async Task Import_BesideAPortalThatServes_IsDoneAndSeen()
    {
        var now = DateTime.UtcNow.AddHours(-2);
        var lines = PastLog.Random(8, 300).Concat(Enumerable.Range(0, 200).Select(i => PastLog.Line(i * 10, start: now)));
        var file = Write("a.log", lines);
        await ImportAsync("alone", file);
        using var port = new TcpListener(System.Net.IPAddress.Loopback, 0);
        port.Start();
        var url = $"http://{port.LocalEndpoint}";
        port.Stop();
        using var portal = Begin("data", "serve", $"--Portal:Urls={url}");
        try
        {
            using var client = new HttpClient { BaseAddress = new Uri(url) };
            await PortalHost.WaitAsync(() => IsReadyAsync(client), Limit);

            var ran = await ImportAsync("data", file);

            Assert.Equal((500, 500), (ran.Counts[0], ran.New));
            Assert.True(await IsReadyAsync(client));
            await Eventually.TrueAsync(() => Task.FromResult(PastLog.Count(Database()) == PastLog.Count(Database("alone"))), "the portal has classified what is recent");
            Assert.Equal(PastLog.Pulls(Database("alone")), PastLog.Pulls(Database()));
        }
        finally
        {
            portal.Kill();
            await portal.WaitForExitAsync();
        }
    }

    [Fact]
    public async Task Import_KilledInTheMiddleAndRunAgain_IsAsIfUndisturbed()
    {
        const int Lines = 240_000;
        var file = Write("large.log", Enumerable.Range(0, Lines).Select(i => PastLog.Line(i * 3, user: $"user{i % 50}", reference: $"1.{i % 7}")));
        var process = Begin("killed", "import", file, "--kind", "accesslog");
        var watch = Stopwatch.StartNew();
        while (!process.HasExited && watch.Elapsed < Limit && (!File.Exists(Database("killed")) || Committed("killed") == 0))
            await Task.Delay(5);
        process.Kill();
        await process.WaitForExitAsync();
        var left = PastLog.Count(Database("killed"));
        Assert.InRange(left, 1, Lines - 1);

        var again = await ImportAsync("killed", file);
        await ImportAsync("undisturbed", file);

        Assert.Equal([Lines, Lines - left, left], again.Counts[..3]);
        Assert.Equal(PastLog.Pulls(Database("undisturbed")), PastLog.Pulls(Database("killed")));
        Assert.False(Directory.Exists(Path.Combine(folder, "killed", "import")) && Directory.GetFiles(Path.Combine(folder, "killed", "import")).Length > 0);
    }

    [Fact]
    public async Task Import_AfterOneThatWasKilledWhileItReceivedWhatIsRecent_TakesUpWhatThatLeft()
    {
        const int Lines = 2_500;
        var start = DateTime.UtcNow.AddDays(-2);
        using var process = Begin("data", "import", "-", "--kind", "accesslog");
        for (var i = 0; i < Lines; i++)
            await process.StandardInput.WriteLineAsync(PastLog.Line(i * 10, start: start));
        await process.StandardInput.FlushAsync();
        // The last of them can only be final seconds after it was received.
        await Eventually.TrueAsync(() => Task.FromResult(Journal("PullId IS NULL") > 0), "the import has received something");
        process.Kill();
        await process.WaitForExitAsync();
        var received = Journal("1");
        Assert.InRange(Journal("PullId IS NULL"), 1, received);

        await ImportAsync("data", Write("past.log", [PastLog.Line(0)]));

        Assert.Equal(0, Journal("PullId IS NULL"));
        Assert.Equal(received + 1, PastLog.Count(Database()));
    }

    private long Journal(string where)
    {
        using var connection = new SqliteConnection($"Data Source={Database()};Pooling=False");
        try
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = $"SELECT COUNT(*) FROM RegistryRequests WHERE {where}";
            return (long)command.ExecuteScalar()!;
        }
        catch (SqliteException)
        {
            return 0; // being made
        }
    }

    private long Committed(string data)
    {
        try
        {
            return PastLog.Count(Database(data));
        }
        catch (SqliteException)
        {
            return 0; // being made
        }
    }

    private static async Task<bool> IsReadyAsync(HttpClient client)
    {
        try
        {
            using var answer = await client.GetAsync("/health/ready");
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    // Rotation cuts between two lines of different seconds here: see the limits of a log that tells only the second.
    private static int Cut(List<string> lines, int near) => Enumerable.Range(near, lines.Count - near).First(i => Time(lines[i]) != Time(lines[i - 1]));

    private static string Time(string line) => line.Split('[', ']')[1];

    private string Write(string name, IEnumerable<string> lines)
    {
        var path = Path.Combine(folder, name);
        File.WriteAllLines(path, lines);
        return path;
    }

    private string WriteGzip(string name, IEnumerable<IEnumerable<string>> members)
    {
        var path = Path.Combine(folder, name);
        using var file = File.Create(path);
        foreach (var member in members)
        {
            using var gzip = new GZipStream(file, CompressionLevel.Fastest, leaveOpen: true);
            gzip.Write(Encoding.UTF8.GetBytes(string.Concat(member.Select(line => line + '\n'))));
        }

        return path;
    }

    private async Task<Ran> ImportAsync(string data, params string[] files)
    {
        var ran = await RunAsync(data, ["import", .. files, "--kind", "accesslog"]);
        Assert.True(ran.Code == 0, ran.Error);
        return ran;
    }

    private async Task<Ran> RunAsync(string data, params string[] arguments)
    {
        using var output = new StringWriter(CultureInfo.InvariantCulture);
        using var error = new StringWriter(CultureInfo.InvariantCulture);
        using var limit = new CancellationTokenSource(Limit);
        var code = await PortalCommands.RunAsync([.. arguments, "--data", Path.Combine(folder, data), .. Owner], output, error, limit.Token);
        return new Ran(code, output.ToString(), error.ToString());
    }

    private Process Begin(string data, params string[] arguments) => Process.Start(new ProcessStartInfo(
        "dotnet", [Path.Combine(AppContext.BaseDirectory, "VendorPortal.dll"), .. arguments, "--data", Path.Combine(folder, data), .. Owner])
    {
        RedirectStandardInput = true, RedirectStandardOutput = arguments[0] != "serve", RedirectStandardError = arguments is ["import", "-", ..], UseShellExecute = false,
    })!;

    private static async Task<Ran> EndAsync(Process process)
    {
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        using var limit = new CancellationTokenSource(Limit);
        await process.WaitForExitAsync(limit.Token);
        Assert.True(process.ExitCode == 0, await error);
        return new Ran(process.ExitCode, await output, await error);
    }
}
