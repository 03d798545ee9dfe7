using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using VendorPortal.Exports;
using VendorPortal.Reports;
using VendorPortal.Storage.Entities;
using VendorPortal.Tests.Testing;

namespace VendorPortal.Tests.Api;

/// <summary>Exports over HTTP: their forms, and what is noted of them.</summary>
public sealed class ExportApiTests : IAsyncLifetime
{
    private const string Export = "/api/v1/artifact-pulls/export";

    private readonly TestStore store = new();
    private readonly LogBuilder log;
    private ApiHost host = null!;

    public ExportApiTests() => log = new LogBuilder(store);

    public async Task InitializeAsync() => host = await ApiHost.StartAsync(store);

    public async Task DisposeAsync()
    {
        await host.DisposeAsync();
        store.Dispose();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Json_IsOneArrayOfTheItemsOfTheApi(int pulls)
    {
        AddPulls(pulls);
        var array = await host.GetJsonAsync($"{Export}?format=json");
        var items = (await host.GetJsonAsync("/api/v1/artifact-pulls")).GetProperty("items");
        Assert.Equal(items.EnumerateArray().Select(item => item.GetRawText()), array.EnumerateArray().Select(item => item.GetRawText()));
        Assert.Equal(pulls, array.GetArrayLength());
    }

    [Fact]
    public async Task Columns_Chosen_AreThoseInTheirOrder()
    {
        AddPulls(1);
        var rows = CsvText.Parse(await ReadAsync("?columns=kind,Artifact,date,networkType"));
        Assert.Equal(["kind", "Artifact", "Date", "networkType"], rows[0]);
        Assert.Equal(["pull_by_tag", "acme/app", "2026-05-01T10:00:00.000Z", ""], rows[1]);
        Assert.Equal("{\"kind\":\"pull_by_tag\",\"customer\":\"Initech\"}\n", await ReadAsync("?format=ndjson&columns=kind,customer"));
    }

    [Fact]
    public async Task Columns_OneThatIsUnknown_IsARowAndNoEmptyLine()
    {
        AddPulls(1);
        Assert.Equal("country\r\n\"\"\r\n", await ReadAsync("?columns=country"));
    }

    [Theory]
    [InlineData("?columns=date,password", "columns", "networkType")]
    [InlineData("?columns=1", "columns", "default, all")]
    [InlineData("?gzip=maybe", "gzip", "true or false")]
    public async Task Form_ThatCannotBeUsed_IsAProblemAndNotNoted(string query, string parameter, string accepted)
    {
        using var client = host.Client();
        using var response = await client.GetAsync(Export + query);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
        Assert.Contains(accepted, problem.GetProperty("errors").GetProperty(parameter)[0].GetString(), StringComparison.Ordinal);
        Assert.Empty(await host.Exports.ReadAsync(1, 10, CancellationToken.None));
    }

    [Theory]
    [InlineData("csv")]
    [InlineData("ndjson")]
    [InlineData("json")]
    public async Task Gzip_IsThePackedFile(string format)
    {
        AddPulls(500);
        using var client = host.Client();
        using var response = await client.GetAsync($"{Export}?format={format}&gzip=true");
        Assert.Equal("application/gzip", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal($"2026-05-17_artifact_pulls.{format}.gz", response.Content.Headers.ContentDisposition?.FileName);
        Assert.Empty(response.Content.Headers.ContentEncoding);
        var bytes = await response.Content.ReadAsByteArrayAsync();
        Assert.Equal(await ReadAsync($"?format={format}"), Unpack(bytes));
        Assert.Equal(bytes.Length, (await host.Exports.ReadAsync(1, 10, CancellationToken.None))[1].Bytes);
    }

    [Fact]
    public async Task AcceptEncoding_Gzip_PacksOnTheWayAndKeepsTheName()
    {
        AddPulls(500);
        using var client = host.Client();
        using var request = new HttpRequestMessage(HttpMethod.Get, Export);
        request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("gzip"));
        using var response = await client.SendAsync(request);
        Assert.Equal(["gzip"], response.Content.Headers.ContentEncoding);
        Assert.Equal("text/csv", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal("2026-05-17_artifact_pulls.csv", response.Content.Headers.ContentDisposition?.FileName);
        Assert.Equal(await ReadAsync(""), Unpack(await response.Content.ReadAsByteArrayAsync()));

        using var refusing = new HttpRequestMessage(HttpMethod.Get, Export);
        refusing.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("gzip", 0));
        using var plain = await client.SendAsync(refusing);
        Assert.Empty(plain.Content.Headers.ContentEncoding);
    }

    [Fact]
    public async Task History_Complete_SaysWhoWhatAndHowMuch()
    {
        AddPulls(3);
        using var client = host.Client(1, member: 7);
        var file = await client.GetByteArrayAsync($"{Export}?customer=Initech&from=2026-01-01");
        var record = Assert.Single(await host.Exports.ReadAsync(1, 10, CancellationToken.None));
        Assert.Equal((7, null, "member7@acme.example"), (record.MemberId, record.TokenId, record.Who));
        Assert.Equal((3L, file.Length, ExportResult.Complete, "csv"), (record.Rows, (int)record.Bytes, record.Result, record.Format));
        Assert.Equal((ApiHost.Now.UtcDateTime, ApiHost.Now.UtcDateTime), (record.StartedUtc, record.EndedUtc));
        Assert.Equal(3, (await host.GetJsonAsync($"/api/v1/artifact-pulls/count?{record.Query}")).GetProperty("count").GetInt32());
        Assert.Contains("customer=Initech", record.Query, StringComparison.Ordinal);
        Assert.Empty(await host.Exports.ReadAsync(2, 10, CancellationToken.None));
    }

    [Theory]
    [InlineData("")]
    [InlineData("?gzip=true")]
    public async Task History_ReaderGoesAway_IsCancelledWithWhatItGot(string query)
    {
        log.Add(Enumerable.Range(0, 60_000).Select(i => new LoggedPull { At = RandomLogs.Start.AddSeconds(i), Version = Random(i) }));
        using var client = host.Client();
        using (var response = await client.GetAsync(Export + query, HttpCompletionOption.ResponseHeadersRead))
        {
            await using var body = await response.Content.ReadAsStreamAsync();
            await body.ReadExactlyAsync(new byte[10]);
            var running = Assert.Single(await host.Exports.ReadAsync(1, 10, CancellationToken.None));
            Assert.Equal(ExportResult.Running, running.Result);
        }

        await Eventually.TrueAsync(async () => (await host.Exports.ReadAsync(1, 10, CancellationToken.None))[0].EndedUtc is not null, "the export has ended");
        var record = (await host.Exports.ReadAsync(1, 10, CancellationToken.None))[0];
        Assert.Equal(ExportResult.Cancelled, record.Result);
        Assert.InRange(record.Rows, 0, 59_999);
        Assert.InRange(record.Bytes, 10, 60_000 * 200);
    }

    [Theory]
    [InlineData(1, 0, ExportResult.Failed)]
    [InlineData(null, 0, ExportResult.Running)] // of the command line: another process, which may well be at it
    [InlineData(null, 25, ExportResult.Failed)]
    public async Task History_NotEndedByThisProcess_HasFailedUnlessACommandMayRun(int? member, int hoursAgo, ExportResult result)
    {
        await using (var context = store.Contexts.ForVendor(1))
        {
            context.Add(new ExportRecord { VendorId = 1, Id = 1, MemberId = member, Who = "x", Query = "", Format = "csv", StartedUtc = ApiHost.Now.UtcDateTime.AddHours(-hoursAgo) });
            await context.SaveChangesAsync();
        }

        Assert.Equal(result, Assert.Single(await host.Exports.ReadAsync(1, 10, CancellationToken.None)).Result);
    }

    [Fact]
    public async Task History_OlderThanItIsKept_IsForgottenAndNothingElse()
    {
        var forgotten = ApiHost.Now.UtcDateTime - ExportHistory.Kept;
        await using (var context = store.Contexts.ForVendor(1))
        {
            context.AddRange(Enumerable.Range(1, 1500).Select(id => new ExportRecord
            {
                VendorId = 1, Id = id, Who = "x", Query = "", Format = "csv", StartedUtc = forgotten.AddDays(id <= 3 ? -id : 0).AddSeconds(id), Result = ExportResult.Complete,
            }));
            await context.SaveChangesAsync();
        }

        await ReadAsync("");
        var records = await host.Exports.ReadAsync(1, 2000, CancellationToken.None);
        Assert.Equal((1498, 1501, 4), (records.Count, records[0].Id, records[^1].Id));
    }

    [Fact]
    public async Task Log_OfAnExport_TellsItsBeginningAndItsEndAndNoNames()
    {
        var (lines, database) = (new Lines(), store.Database);
        var history = new ExportHistory(store.Contexts, database, TimeProvider.System, lines);

        await history.NoteAsync(
            1, new ExportReader(7, null, "ann@acme.example"), new PullFilter { Customers = ["Initech"] }, new ExportOptions().Extension,
            tally => { (tally.Rows, tally.Bytes) = (3, 240); return Task.CompletedTask; }, CancellationToken.None);

        Assert.Equal(["Export 1 of vendor 1 begins: csv, member 7, token (null)", "Export 1 of vendor 1 ended: Complete, 3 rows, 240 bytes"], lines);
    }

    // What was logged, in words.
    private sealed class Lines : List<string>, ILogger<ExportHistory>
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => Add(formatter(state, exception));
    }

    private static string Random(int seed) => $"sha256:{Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(BitConverter.GetBytes(seed)))}";

    private static string Unpack(byte[] bytes)
    {
        using var unpacked = new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress);
        using var reader = new StreamReader(unpacked, Encoding.UTF8);
        return reader.ReadToEnd();
    }

    private void AddPulls(int count) =>
        log.Add(Enumerable.Range(0, count).Select(i => new LoggedPull { At = new DateTime(2026, 5, 1, 10, 0, i % 60, DateTimeKind.Utc).AddMinutes(i / 60), Customer = "Initech", User = "ci" }));

    private async Task<string> ReadAsync(string query)
    {
        using var client = host.Client();
        return await client.GetStringAsync(Export + query);
    }
}
