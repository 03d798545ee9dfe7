using System.IO.Compression;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using VendorPortal.Hosting;
using VendorPortal.Journal;
using VendorPortal.Storage.Entities;

namespace VendorPortal.Feeds;

/// <summary>What a feed is answered: requests and pushes taken, repeats, events of no use, and what was refused and why.</summary>
public sealed record IngestAnswer(int Accepted, int Duplicates, int Ignored, IReadOnlyList<RejectedEvent> Rejected);

/// <summary>
/// <c>POST /ingest/{feedId}</c>. Answers 200 after the commit, also where single events were refused: registries repeat any other
/// status for ever and hold back everything behind it.
/// </summary>
internal static class IngestEndpoints
{
    private const string Gzip = "gzip";

    public static void MapIngest(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/ingest/{feedId}", PostAsync)
            .AllowAnonymous() // the feed's own secret is checked below
            .DisableAntiforgery()
            .WithTags("Ingestion")
            .WithSummary("Takes what a registry or log shipper reports; answered after it is durable.");

    private static async Task<Results<Ok<IngestAnswer>, ProblemHttpResult>> PostAsync(
        string feedId, HttpContext context, FeedDirectory feeds, RequestJournal journal, PortalOptions options, TimeProvider time, ILogger<RequestJournal> logger, CancellationToken ct)
    {
        if (await feeds.AuthenticateAsync(feedId, Secret(context.Request), ct) is not { } feed)
        {
            context.Response.Headers.WWWAuthenticate = "Bearer, Basic realm=\"feed\"";
            return Problem(StatusCodes.Status401Unauthorized, "The feed or its secret is not known here.", "Send 'Authorization: Bearer <secret>', or Basic with the secret as password.");
        }

        if (!IsAcceptedType(feed.Kind, context.Request.ContentType))
            return Problem(StatusCodes.Status415UnsupportedMediaType, "The content type is not one of this feed's.", $"Accepted: {string.Join(", ", TypesOf(feed.Kind))}.");

        if (context.Request.Headers.ContentEncoding.ToString() is not ("" or "identity") && !IsGzip(context.Request))
        {
            context.Response.Headers.AcceptEncoding = Gzip;
            return Problem(StatusCodes.Status415UnsupportedMediaType, "The content encoding is not read here.", "Accepted: gzip, or none.");
        }

        FeedBatch batch;
        try
        {
            var body = await ReadBodyAsync(context.Request, options.Ingest.MaxBodyBytes, ct);
            var now = time.GetUtcNow().UtcDateTime;
            batch = feed.Kind switch
            {
                FeedKind.Distribution => DistributionNotifications.Parse(body, now, options.Ingest.MaxEvents),
                _ => Ndjson.Parse(body, now, options.Ingest.MaxEvents),
            };
        }
        catch (FeedFormatException error) when (!error.IsTooLarge)
        {
            return Problem(StatusCodes.Status400BadRequest, "The body is not of this feed's kind.", error.Message);
        }
        catch (Exception error) when (error is BodyTooLargeException or FeedFormatException)
        {
            return Problem(StatusCodes.Status413PayloadTooLarge, "The body is too large.", $"Accepted: up to {options.Ingest.MaxBodyBytes} bytes and {options.Ingest.MaxEvents} events a post.");
        }

        try
        {
            var outcome = await journal.AppendAsync(feed.VendorId, feed.FeedId, batch, ct);
            return TypedResults.Ok(new IngestAnswer(outcome.Stored + batch.Pushes, outcome.Duplicates, batch.Ignored, batch.Rejected));
        }
        catch (JournalFullException)
        {
            return Busy(context, StatusCodes.Status429TooManyRequests, "More requests are waiting than the portal takes; send this again.");
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            logger.LogError(error, "A post of feed {Feed} could not be stored; its sender is asked to repeat it", feed.PublicId);
            return Busy(context, StatusCodes.Status503ServiceUnavailable, "The portal cannot store now; send this again.");
        }
    }

    private static string? Secret(HttpRequest request)
    {
        if (!AuthenticationHeaderValue.TryParse(request.Headers.Authorization, out var header) || header.Parameter is not { Length: < 1024 } value)
            return null;
        if (header.Scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase))
            return value;
        if (!header.Scheme.Equals("Basic", StringComparison.OrdinalIgnoreCase))
            return null;
        Span<byte> decoded = stackalloc byte[768];
        if (!Convert.TryFromBase64String(value, decoded, out var length))
            return null;
        var pair = Encoding.UTF8.GetString(decoded[..length]);
        var colon = pair.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? null : pair[(colon + 1)..];
    }

    private static string[] TypesOf(FeedKind kind) => kind switch
    {
        FeedKind.Distribution => ["application/vnd.docker.distribution.events.v1+json", "application/vnd.docker.distribution.events.v2+json", "application/json"],
        _ => ["application/x-ndjson", "application/ndjson", "application/jsonl", "application/json", "text/plain"],
    };

    // A missing type is taken for the feed's own; parameters such as charset do not matter.
    private static bool IsAcceptedType(FeedKind kind, string? contentType) =>
        string.IsNullOrEmpty(contentType)
        || TypesOf(kind).Contains(contentType.Split(';')[0].Trim(), StringComparer.OrdinalIgnoreCase);

    private static bool IsGzip(HttpRequest request) => string.Equals(request.Headers.ContentEncoding, Gzip, StringComparison.OrdinalIgnoreCase);

    private static async Task<ReadOnlyMemory<byte>> ReadBodyAsync(HttpRequest request, int limit, CancellationToken ct)
    {
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } server)
            server.MaxRequestBodySize = 8L * limit; // what is beyond the limit is read away, so that the sender hears why; there it ends
        if (request.ContentLength > limit)
            throw new BodyTooLargeException();
        var input = IsGzip(request) ? new GZipStream(request.Body, CompressionMode.Decompress) : request.Body;
        var buffer = new MemoryStream((int)(request.ContentLength ?? 4096));
        var chunk = new byte[16 * 1024];
        try
        {
            int read;
            while ((read = await input.ReadAsync(chunk, ct)) > 0)
            {
                if (buffer.Length + read > limit)
                    throw new BodyTooLargeException();
                buffer.Write(chunk, 0, read);
            }
        }
        catch (InvalidDataException)
        {
            throw new FeedFormatException("The body is not gzip, as Content-Encoding says.");
        }
        catch (BadHttpRequestException error) when (error.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            throw new BodyTooLargeException();
        }

        return buffer.GetBuffer().AsMemory(0, (int)buffer.Length);
    }

    private static ProblemHttpResult Busy(HttpContext context, int status, string detail)
    {
        context.Response.Headers.RetryAfter = "1";
        return Problem(status, "The portal cannot take this now.", detail);
    }

    private static ProblemHttpResult Problem(int status, string title, string detail) =>
        TypedResults.Problem(new ProblemDetails { Status = status, Title = title, Detail = detail });

    private sealed class BodyTooLargeException : Exception;
}
