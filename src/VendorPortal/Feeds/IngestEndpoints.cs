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

/// <summary>
/// <c>POST /ingest/{feedId}</c>. Answers 200 after the commit, also where single events were refused: registries repeat any other
/// status for ever and hold back everything behind it. Lines are stored while they arrive; where that fails half-way the answer is 429 or 503,
/// and what was stored is known when the sender repeats.
/// </summary>
internal static class IngestEndpoints
{
    private const string Gzip = "gzip";
    private const string SecretParameter = "secret";

    public static void MapIngest(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/ingest/{feedId}", PostAsync)
            .AllowAnonymous() // the feed's own secret is checked below
            .DisableAntiforgery()
            .WithTags("Ingestion")
            .WithSummary("Takes what a registry or log shipper reports; answered after it is durable.");

    private static async Task<Results<Ok<IngestAnswer>, ProblemHttpResult>> PostAsync(
        string feedId, HttpContext context, FeedDirectory feeds, FeedFormats formats, RequestJournal journal, PortalOptions options, TimeProvider time, ILogger<RequestJournal> logger, CancellationToken ct)
    {
        if (await AuthenticateAsync(feedId, context.Request, feeds, ct) is not { } feed)
        {
            context.Response.Headers.WWWAuthenticate = "Bearer, Basic realm=\"feed\"";
            return Problem(StatusCodes.Status401Unauthorized, "The feed or its secret is not known here.", "Send 'Authorization: Bearer <secret>', or Basic with the secret as password.");
        }

        if (!FeedContentTypes.IsAccepted(feed.Kind, context.Request.ContentType))
            return Problem(StatusCodes.Status415UnsupportedMediaType, "The content type is not one of this feed's.", $"Accepted: {string.Join(", ", FeedContentTypes.Of(feed.Kind))}.");

        return await AnswerAsync(
            context, options, $"feed {feed.PublicId}", logger,
            async () =>
            {
                var parser = formats.OpenPost(feed, CloudEvent(context.Request));
                if (!TryLiftLimit(context, parser.Framing, options.Ingest.MaxBodyBytes))
                    return null;
                await using var body = Unpacked(context.Request);
                using var reader = new FeedReader(body, parser, time, options.Ingest.MaxBodyBytes);
                var tally = new IngestTally();
                while (await reader.ReadAsync(ct) is { } batch)
                    tally.Add(batch, await journal.AppendAsync(feed.VendorId, feed.FeedId, batch, ct));
                return tally.Answer();
            },
            (reason, sample) => journal.NoteRefused(feed.VendorId, feed.FeedId, reason, sample));
    }

    /// <summary>
    /// Answers a post: what <paramref name="take"/> has read and stored, which is null where the body is too large, or the status that tells its
    /// sender whether to send it again.
    /// </summary>
    /// <param name="context">The post.</param>
    /// <param name="options">The limits that are told.</param>
    /// <param name="source">Who sends, for the log.</param>
    /// <param name="logger">Takes what could not be stored.</param>
    /// <param name="take">Reads and stores the body.</param>
    /// <param name="refused">Is told of a body that is not of its kind at all, with a sample where there is one.</param>
    internal static async Task<Results<Ok<IngestAnswer>, ProblemHttpResult>> AnswerAsync(
        HttpContext context, PortalOptions options, string source, ILogger logger, Func<Task<IngestAnswer?>> take, Action<string, string?>? refused = null)
    {
        if (context.Request.Headers.ContentEncoding.ToString() is not ("" or "identity") && !IsGzip(context.Request))
        {
            context.Response.Headers.AcceptEncoding = Gzip;
            return Problem(StatusCodes.Status415UnsupportedMediaType, "The content encoding is not read here.", "Accepted: gzip, or none.");
        }

        try
        {
            return await take() is { } answer ? TypedResults.Ok(answer) : TooLarge(options);
        }
        catch (FeedFormatException error) when (!error.IsTooLarge)
        {
            refused?.Invoke(error.Reason, error.Sample);
            return NotOfItsKind(error.Message);
        }
        catch (InvalidDataException) when (IsGzip(context.Request))
        {
            const string NotGzip = "The body is not gzip, as Content-Encoding says.";
            refused?.Invoke(NotGzip, null);
            return NotOfItsKind(NotGzip);
        }
        catch (Exception error) when (error is FeedFormatException or BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge })
        {
            return TooLarge(options);
        }
        catch (JournalFullException)
        {
            return Busy(context, StatusCodes.Status429TooManyRequests, "More requests are waiting than the portal takes; send this again.");
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            logger.LogError(error, "A post of {Source} could not be stored; its sender is asked to repeat it", source);
            return Busy(context, StatusCodes.Status503ServiceUnavailable, "The portal cannot store now; send this again.");
        }
    }

    /// <summary>The body as it was before it was packed, where it was.</summary>
    internal static Stream Unpacked(HttpRequest request) => IsGzip(request) ? new GZipStream(request.Body, CompressionMode.Decompress) : request.Body;

    // Some senders of CloudEvents sign the Authorization header themselves: for these the secret may stand in the address.
    private static async ValueTask<FeedIdentity?> AuthenticateAsync(string feedId, HttpRequest request, FeedDirectory feeds, CancellationToken ct)
    {
        if (await feeds.AuthenticateAsync(feedId, Secret(request), ct) is { } feed)
            return feed;
        if (request.Query[SecretParameter] is not [{ Length: > 0 and < 1024 } secret])
            return null;
        return await feeds.AuthenticateAsync(feedId, secret, ct) is { Kind: FeedKind.CloudEvents } byAddress ? byAddress : null;
    }

    private static CloudEventAttributes? CloudEvent(HttpRequest request)
    {
        string? Header(string name) => request.Headers[name] is [{ } value] ? Uri.UnescapeDataString(value) : null;
        return request.Headers.ContainsKey("ce-specversion") ? new CloudEventAttributes(Header("ce-id"), Header("ce-source"), Header("ce-type"), Header("ce-time")) : null;
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

    private static bool IsGzip(HttpRequest request) => string.Equals(request.Headers.ContentEncoding, Gzip, StringComparison.OrdinalIgnoreCase);

    // Lines may go on for ever. Of a document, what is beyond the limit is read away, so that the sender hears why; there it ends.
    internal static bool TryLiftLimit(HttpContext context, FeedFraming framing, int limit)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } server)
            server.MaxRequestBodySize = framing == FeedFraming.Lines ? null : 8L * limit;
        return framing == FeedFraming.Lines || !(context.Request.ContentLength > limit);
    }

    private static ProblemHttpResult NotOfItsKind(string detail) => Problem(StatusCodes.Status400BadRequest, "The body is not of the kind that is read here.", detail);

    private static ProblemHttpResult TooLarge(PortalOptions options) => Problem(
        StatusCodes.Status413PayloadTooLarge, "The body is too large.", $"Accepted: up to {options.Ingest.MaxBodyBytes} bytes and {options.Ingest.MaxEvents} events a post.");

    private static ProblemHttpResult Busy(HttpContext context, int status, string detail)
    {
        context.Response.Headers.RetryAfter = "1";
        return Problem(status, "The portal cannot take this now.", detail);
    }

    internal static ProblemHttpResult Problem(int status, string title, string detail) =>
        TypedResults.Problem(new ProblemDetails { Status = status, Title = title, Detail = detail });
}
