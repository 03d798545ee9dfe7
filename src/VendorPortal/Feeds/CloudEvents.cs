using System.Text.Json;
using VendorPortal.Journal;

namespace VendorPortal.Feeds;

/// <summary>The attributes of a CloudEvent: from the body, or from <c>ce-</c> headers.</summary>
/// <param name="Id">Unique within <paramref name="Source"/>.</param>
/// <param name="Source">Who produced it.</param>
/// <param name="Type">What it tells.</param>
/// <param name="Time">When, RFC 3339.</param>
public sealed record CloudEventAttributes(string? Id, string? Source, string? Type, string? Time);

/// <summary>
/// CloudEvents 1.0 over HTTP in all three content modes: structured (<c>application/cloudevents+json</c>), batched (a JSON array) and binary
/// (attributes in <c>ce-</c> headers, the body is the data). Pulls and pushes of Chainguard's registry and of Harbor are
/// read; events of other types are ignored.
/// </summary>
public sealed class CloudEvents(CloudEventAttributes? binary, int maxEvents) : IFeedParser
{
    public FeedFraming Framing => FeedFraming.Document;

    public void Read(ReadOnlyMemory<byte> piece, DateTime nowUtc, FeedBatch batch)
    {
        using var document = JsonFields.Open(piece);
        var root = document.RootElement;
        if (binary is not null)
        {
            if (JsonFields.Guard(() => Read(binary, root, null, nowUtc, batch)) is { } reason)
                batch.Reject(reason, JsonFields.Bytes(root));
            return;
        }

        if (root.ValueKind != JsonValueKind.Array)
        {
            ReadDocument(root, nowUtc, batch);
            return;
        }

        if (root.GetArrayLength() > maxEvents)
            throw new FeedFormatException($"The batch has more than {maxEvents} events.") { IsTooLarge = true };
        foreach (var element in root.EnumerateArray())
        {
            ReadStructured(element, nowUtc, batch);
            batch.Index++;
        }
    }

    /// <summary>Reads one structured event that is a whole body.</summary>
    /// <exception cref="FeedFormatException">It is no CloudEvent.</exception>
    internal static void ReadDocument(JsonElement root, DateTime nowUtc, FeedBatch batch)
    {
        if (root.ValueKind != JsonValueKind.Object || JsonFields.Guard(() => root.Text("specversion")) is null)
            throw new FeedFormatException("The body is no CloudEvent: an object with \"specversion\", \"id\", \"source\" and \"type\", an array of them, or ce- headers are expected.");
        ReadStructured(root, nowUtc, batch);
    }

    private static void ReadStructured(JsonElement e, DateTime nowUtc, FeedBatch batch)
    {
        if (JsonFields.Guard(() => Read(new CloudEventAttributes(e.Text("id"), e.Text("source"), e.Text("type"), e.Text("time")), e.Child("data"), e.Text("operator"), nowUtc, batch)) is { } reason)
            batch.Reject(reason, JsonFields.Bytes(e));
    }

    private static string? Read(CloudEventAttributes attributes, JsonElement data, string? account, DateTime nowUtc, FeedBatch batch)
    {
        if (attributes.Type is null)
            return "type is missing";
        var isPush = attributes.Type is Chainguard.Pushed or "harbor.artifact.pushed";
        if (!isPush && attributes.Type is not (Chainguard.Pulled or "harbor.artifact.pulled"))
        {
            batch.Ignored++;
            return null;
        }

        if (attributes.Id is null or { Length: 0 or > RequestFields.MaxEventId })
            return $"id is missing or longer than {RequestFields.MaxEventId} characters";
        if (RequestFields.Time(attributes.Time) is not { } at)
            return "time is missing or not an RFC 3339 time with an offset";
        if (data.ValueKind != JsonValueKind.Object)
            return "data is missing or not a JSON object";
        EventKey key = $"{attributes.Source}\n{attributes.Id}"; // an id is unique within its source
        return attributes.Type.StartsWith("harbor.", StringComparison.Ordinal)
            ? Harbor.ReadData(data, isPush, account, at, key, nowUtc, batch)
            : Chainguard.ReadData(data, isPush, at, key, nowUtc, batch);
    }
}
