using System.Data.Common;
using System.Globalization;
using System.Text;
using System.Text.Json;
using VendorPortal.Reports;
using VendorPortal.Reports.Overview;
using VendorPortal.Storage;
using VendorPortal.Storage.Entities;

namespace VendorPortal.Exports;

/// <summary>The forms of the breakdown.</summary>
public enum BreakdownFormat
{
    /// <summary>One array of <c>{repoType, repoName, totalDownloads, records:[{timestamp, downloads}]}</c>.</summary>
    Json,

    /// <summary>A line a repository and day: <c>repoType,repoName,total,timestamp,downloads</c>.</summary>
    Csv,
}

/// <summary>
/// The downloads of every repository and day of UTC, in the order of names and of days: what Hugging Face's publisher analytics export, with the kind of artifact as
/// <c>repoType</c>. Days without downloads are left out; a repository without any has the total 0 and no records, as CSV a line without day and number.
/// </summary>
/// <remarks>Read from the sums of days, by one statement and so of one moment. No more than a repository's days are held at a time.</remarks>
public sealed class DownloadBreakdown(PortalDatabase database, TimeProvider time)
{
    // What is handed on at once.
    private const int Block = 32 * 1024;

    private static readonly byte[] CsvHead = "repoType,repoName,total,timestamp,downloads\r\n"u8.ToArray();

    /// <summary><c>YYYY-MM-DD_download_breakdown.json</c> with the current UTC date.</summary>
    public string FileName(BreakdownFormat format) => $"{FilterTimes.Format(DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime))}_download_breakdown.{NameOf(format)}";

    public static string NameOf(BreakdownFormat format) => format == BreakdownFormat.Json ? "json" : "csv";

    /// <summary>Writes the breakdown of some days, both ends inclusive, null for all; the rows of <paramref name="tally"/> are repositories. The stream stays open.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="ct"/> was cancelled; what was written so far is not complete.</exception>
    public async Task WriteAsync(int vendorId, DateOnly? from, DateOnly? to, BreakdownFormat format, Stream output, ExportTally tally, CancellationToken ct)
    {
        await using var connection = database.OpenReader();
        await using var command = connection.CreateCommand();
        command.CommandText = $"""
            SELECT a.Id, a.Name, {ArtifactKinds.KindOf("a")}, d.Day, d.Tag + d.Digest
            FROM Artifacts a LEFT JOIN DailyArtifactPulls d ON d.VendorId = a.VendorId AND d.ArtifactId = a.Id AND d.Day BETWEEN @from AND @to AND d.Tag + d.Digest > 0
            WHERE a.VendorId = @vendor ORDER BY a.Name, a.Id, d.Day
            """;
        command.Add("@vendor", vendorId);
        command.Add("@from", (from ?? DateOnly.MinValue).DayNumber);
        command.Add("@to", (to ?? DateOnly.MaxValue).DayNumber);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var repositories = Repositories(reader);
        var counted = new TalliedStream(output, tally);
        if (format == BreakdownFormat.Json)
            await WriteJsonAsync(repositories, counted, tally, ct);
        else
            await WriteCsvAsync(repositories, counted, tally, ct);
        await counted.FlushAsync(ct);
    }

    private static async Task WriteJsonAsync(IEnumerable<Repository> repositories, TalliedStream output, ExportTally tally, CancellationToken ct)
    {
        var bytes = new MemoryStream();
        await using var json = new Utf8JsonWriter(bytes);
        json.WriteStartArray();
        foreach (var repository in repositories)
        {
            json.WriteStartObject();
            json.WriteString("repoType", ArtifactKinds.NameOf(repository.Kind));
            json.WriteString("repoName", repository.Name);
            json.WriteNumber("totalDownloads", repository.Total);
            json.WriteStartArray("records");
            foreach (var (day, downloads) in repository.Days)
            {
                json.WriteStartObject();
                json.WriteString("timestamp", Midnight(day));
                json.WriteNumber("downloads", downloads);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
            tally.Rows++;
            if (json.BytesPending + bytes.Length < Block)
                continue;
            await json.FlushAsync(ct);
            await HandOnAsync(bytes, output, ct);
        }

        json.WriteEndArray();
        await json.FlushAsync(ct);
        await HandOnAsync(bytes, output, ct);
    }

    private static async Task WriteCsvAsync(IEnumerable<Repository> repositories, TalliedStream output, ExportTally tally, CancellationToken ct)
    {
        var (bytes, cell) = (new MemoryStream(), CsvCells.Encoder());
        bytes.Write(CsvHead);
        foreach (var repository in repositories)
        {
            var name = cell(repository.Name);
            foreach (var (day, downloads) in repository.Days.Count == 0 ? [((int?)null, 0L)] : repository.Days.Select(day => ((int?)day.Day, day.Downloads)))
            {
                Write($"{ArtifactKinds.NameOf(repository.Kind)},");
                bytes.Write(name);
                if (day is { } at)
                    Write($",{repository.Total},{Midnight(at)},{downloads}\r\n");
                else
                    Write($",{repository.Total},,\r\n");
            }

            tally.Rows++;
            if (bytes.Length >= Block)
                await HandOnAsync(bytes, output, ct);
        }

        await HandOnAsync(bytes, output, ct);

        void Write(FormattableString text) => bytes.Write(Encoding.ASCII.GetBytes(text.ToString(CultureInfo.InvariantCulture)));
    }

    private static async Task HandOnAsync(MemoryStream bytes, TalliedStream output, CancellationToken ct)
    {
        await output.WriteAsync(bytes.GetBuffer().AsMemory(0, (int)bytes.Length), ct);
        bytes.SetLength(0);
    }

    private static IEnumerable<Repository> Repositories(DbDataReader reader)
    {
        (int Id, Repository Repository)? current = null;
        while (reader.Read())
        {
            if (current is not { } begun || begun.Id != reader.GetInt32(0))
            {
                if (current is { } whole)
                    yield return whole.Repository;
                current = (reader.GetInt32(0), new Repository(reader.GetString(1), (ArtifactKind)reader.GetInt32(2), []));
            }

            if (!reader.IsDBNull(3))
                current.Value.Repository.Days.Add((reader.GetInt32(3), reader.GetInt64(4)));
        }

        if (current is { } last)
            yield return last.Repository;
    }

    private static string Midnight(int day) => DateOnly.FromDayNumber(day).ToString("yyyy-MM-dd'T00:00:00.000Z'", CultureInfo.InvariantCulture);

    private sealed record Repository(string Name, ArtifactKind Kind, List<(int Day, long Downloads)> Days)
    {
        public long Total => Days.Sum(day => day.Downloads);
    }
}
