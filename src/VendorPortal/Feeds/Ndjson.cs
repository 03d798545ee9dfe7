using System.Security.Cryptography;
using System.Text.Json;
using VendorPortal.Classification;
using VendorPortal.Journal;
using VendorPortal.Storage.Entities;

namespace VendorPortal.Feeds;

/// <summary>
/// The portal's own format, one registry request a line:
/// <c>{"id","at","method","repository","tag","digest","status","address","user","userAgent","push"}</c>. Required: <c>at</c>, <c>method</c>,
/// <c>repository</c> and one of <c>tag</c>, <c>digest</c>; <c>id</c> defaults to a hash of the line, <c>status</c> to 200.
/// </summary>
public static class Ndjson
{
    private static readonly JsonDocumentOptions Limits = new() { MaxDepth = 8 };

    /// <summary>Reads all lines; each is answered for by itself.</summary>
    /// <exception cref="FeedFormatException">More lines than accepted, or none that is a JSON object.</exception>
    public static FeedBatch Parse(ReadOnlyMemory<byte> body, DateTime nowUtc, int maxEvents)
    {
        var batch = new FeedBatch();
        var index = 0;
        var objects = 0;
        foreach (var line in Lines(body))
        {
            if (index == maxEvents)
                throw new FeedFormatException($"The body has more than {maxEvents} lines.") { IsTooLarge = true };
            var reason = ReadLine(line, nowUtc, batch, ref objects);
            if (reason is not null)
                batch.Rejected.Add(new RejectedEvent(index, reason));
            index++;
        }

        if (index > 0 && objects == 0)
            throw new FeedFormatException("No line of the body is a JSON object; one registry request a line is expected.");
        return batch;
    }

    private static IEnumerable<ReadOnlyMemory<byte>> Lines(ReadOnlyMemory<byte> body)
    {
        while (!body.IsEmpty)
        {
            var end = body.Span.IndexOf((byte)'\n');
            var line = end < 0 ? body : body[..end];
            body = end < 0 ? default : body[(end + 1)..];
            line = line.TrimEnd(" \t\r"u8); // a line is the same line, and has the same hash, with either line end
            if (!line.IsEmpty)
                yield return line;
        }
    }

    private static string? ReadLine(ReadOnlyMemory<byte> line, DateTime nowUtc, FeedBatch batch, ref int objects)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(line, Limits);
        }
        catch (JsonException)
        {
            return "the line is not JSON";
        }

        using (document)
        {
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                return "the line is not a JSON object";
            objects++;
            return JsonFields.Guard(() => Read(document.RootElement, line, nowUtc, batch));
        }
    }

    private static string? Read(JsonElement e, ReadOnlyMemory<byte> line, DateTime nowUtc, FeedBatch batch)
    {
        if (e.Time("at") is not { } at)
            return "at is missing or not an RFC 3339 time with an offset";
        if (RequestFields.CheckTime("at", at, nowUtc) is { } badTime)
            return badTime;
        var method = e.Text("method");
        if (method is not ("GET" or "HEAD"))
            return "method is neither GET nor HEAD";
        var repository = e.Text("repository");
        if (RequestFields.CheckRepository("repository", repository) is { } badRepository)
            return badRepository;
        var tag = e.Text("tag") is { Length: > 0 } tagText ? tagText : null;
        var digest = e.Text("digest") is { Length: > 0 } digestText ? digestText : null;
        if (tag is null && digest is null)
            return "one of tag and digest is required";
        if (tag is not null && RequestFields.CheckTag("tag", tag) is { } badTag)
            return badTag;
        if (digest is not null && !RequestFields.IsDigest(digest))
            return "digest is not of the form algorithm:hex";
        if (!TryStatus(e, out var status))
            return "status is not a number from 100 to 599";
        var id = e.Text("id");
        if (id is { Length: 0 or > RequestFields.MaxEventId })
            return $"id is empty or longer than {RequestFields.MaxEventId} characters";

        Add(e, new RegistryRequest
        {
            EventId = id ?? Convert.ToHexStringLower(SHA256.HashData(line.Span)),
            AtUtc = at,
            Method = method == "HEAD" ? RequestMethod.Head : RequestMethod.Get,
            Repository = repository!,
            Tag = tag,
            Digest = digest,
            Status = status,
            Address = RequestFields.Address(e.Text("address")),
            User = RequestFields.Clean(e.Text("user"), RegistryUser.MaxPrincipal),
            UserAgent = RequestFields.Clean(e.Text("userAgent"), Client.MaxUserAgent),
            IsPush = e.Child("push").ValueKind == JsonValueKind.True,
        }, batch);
        return null;
    }

    private static void Add(JsonElement e, RegistryRequest request, FeedBatch batch)
    {
        batch.Requests.Add(request);
        if (request is { IsPush: true, User: { } user })
            batch.Publishers.Add(new PublisherFact(request.Repository, user));
        if (request.Digest is { } digest && Manifest(e, digest) is { } fact)
            batch.Manifests.Add(fact);
    }

    // Optional: "mediaType" and "children" (digests) tell the manifest graph what a push notification tells.
    private static ManifestFact? Manifest(JsonElement e, string digest)
    {
        var mediaType = e.Text("mediaType");
        if (!MediaTypes.IsManifest(mediaType))
            return null;
        if (!MediaTypes.IsIndex(mediaType))
            return new ManifestFact(digest, mediaType, []);
        var children = e.Child("children");
        return children.ValueKind != JsonValueKind.Array
            ? new ManifestFact(digest, mediaType, null)
            : new ManifestFact(digest, mediaType, [.. children.EnumerateArray().Select(c => c.Text()).Where(RequestFields.IsDigest).Select(c => (c!, (string?)null))]);
    }

    private static bool TryStatus(JsonElement e, out int status)
    {
        status = 200;
        return e.Child("status") switch
        {
            { ValueKind: JsonValueKind.Undefined or JsonValueKind.Null } => true,
            { ValueKind: JsonValueKind.Number } number => number.TryGetInt32(out status) && status is >= 100 and <= 599,
            _ => false,
        };
    }
}
