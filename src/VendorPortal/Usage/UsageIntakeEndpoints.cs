using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using VendorPortal.Feeds;
using VendorPortal.Hosting;
using VendorPortal.Security;

namespace VendorPortal.Usage;

/// <summary>
/// <c>POST /api/v1/usage-events</c>: what the vendor's product reports of its use, with a token of kind telemetry. Answered as ingestion is: 200 after
/// the commit, also where single events were refused.
/// </summary>
internal static class UsageIntakeEndpoints
{
    /// <summary>Limits of callers do not hold here: the answer is 429 only where the portal cannot store.</summary>
    public const string Path = "/api/v1/usage-events";

    private static readonly string[] ContentTypes = ["application/x-ndjson", "application/ndjson", "application/jsonl", "application/json", "text/plain"];

    public static void MapUsageIntake(this IEndpointRouteBuilder routes) =>
        routes.MapPost(Path, PostAsync)
            .RequireAuthorization(PortalClaims.TelemetryPolicy)
            .DisableAntiforgery()
            .WithTags("Usage")
            .WithName("PostUsageEvents")
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status403Forbidden)
            .WithSummary("Takes events of the vendor's product; answered after they are durable.")
            .WithDescription("NDJSON or one JSON array, packed with gzip or not, with a token of kind telemetry. An event whose id was received before is counted as a duplicate.");

    private static async Task<Results<Ok<IngestAnswer>, ProblemHttpResult>> PostAsync(
        HttpContext context, ClaimsPrincipal principal, UsageIntake intake, PortalOptions options, TimeProvider time, ILogger<UsageIntake> logger, CancellationToken ct)
    {
        var vendorId = principal.TelemetryVendor();
        if (context.Request.ContentType is { Length: > 0 } type && !ContentTypes.Contains(type.Split(';')[0].Trim(), StringComparer.OrdinalIgnoreCase))
            return IngestEndpoints.Problem(StatusCodes.Status415UnsupportedMediaType, "The content type is not read here.", $"Accepted: {string.Join(", ", ContentTypes)}.");
        return await IngestEndpoints.AnswerAsync(context, options, string.Create(CultureInfo.InvariantCulture, $"usage events of vendor {vendorId}"), logger, async () =>
        {
            if (!IngestEndpoints.TryLiftLimit(context, FeedFraming.Lines, options.Ingest.MaxBodyBytes))
                return null;
            var body = PipeReader.Create(IngestEndpoints.Unpacked(context.Request));
            try
            {
                var framing = await FramingAsync(body, ct);
                using var reader = new FeedReader(body.AsStream(leaveOpen: true), new UsageParser(framing, options.Ingest.MaxEvents, options.Retention.UsageDays), time, options.Ingest.MaxBodyBytes);
                var tally = new IngestTally();
                while (await reader.ReadAsync(ct) is { } batch)
                    tally.Add(batch, await intake.AppendAsync(vendorId, batch.Usage, ct));
                return tally.Answer();
            }
            finally
            {
                await body.CompleteAsync();
            }
        });
    }

    // The two forms begin differently, and many senders name no content type, or a wrong one.
    private static async Task<FeedFraming> FramingAsync(PipeReader body, CancellationToken ct)
    {
        while (true)
        {
            var read = await body.ReadAsync(ct);
            var first = FirstOf(read.Buffer);
            var isEnd = read.IsCompleted || read.Buffer.Length > 1024;
            body.AdvanceTo(read.Buffer.Start, first is null && !isEnd ? read.Buffer.End : read.Buffer.Start);
            if (first is not null || isEnd)
                return first == '[' ? FeedFraming.Document : FeedFraming.Lines;
        }
    }

    private static byte? FirstOf(ReadOnlySequence<byte> bytes)
    {
        foreach (var segment in bytes)
        {
            foreach (var one in segment.Span)
            {
                if (one is not ((byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n'))
                    return one;
            }
        }

        return null;
    }
}
