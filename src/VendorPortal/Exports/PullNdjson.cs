using System.IO.Pipelines;
using System.Text.Encodings.Web;
using System.Text.Json;
using VendorPortal.Reports;

namespace VendorPortal.Exports;

/// <summary>Writes pulls as newline-delimited JSON, each line an item of the API.</summary>
internal static class PullNdjson
{
    private const int FlushAt = 32 * 1024;

    // As ASP.NET Core writes the API: a line is character by character the item of a page. Line ends within text are escaped in any case.
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static async Task<long> WriteAsync(IAsyncEnumerable<PullItem> pulls, Stream output, CancellationToken ct)
    {
        var pipe = PipeWriter.Create(output, new StreamPipeWriterOptions(leaveOpen: true));
        await using var json = new Utf8JsonWriter(pipe, new JsonWriterOptions { Encoder = Json.Encoder });
        long rows = 0;
        await foreach (var pull in pulls.WithCancellation(ct))
        {
            JsonSerializer.Serialize(json, PullRecord.Of(pull), Json);
            json.Flush();
            json.Reset();
            pipe.GetSpan(1)[0] = (byte)'\n';
            pipe.Advance(1);
            rows++;
            if (pipe.UnflushedBytes >= FlushAt)
                await pipe.FlushAsync(ct);
        }

        await pipe.FlushAsync(ct);
        await pipe.CompleteAsync();
        return rows;
    }
}
