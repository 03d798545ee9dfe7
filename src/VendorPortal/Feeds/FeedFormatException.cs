namespace VendorPortal.Feeds;

/// <summary>A body that is not of its feed's kind at all; the message says what is expected and is shown to the sender.</summary>
public sealed class FeedFormatException(string message) : Exception(message)
{
    /// <summary>True where the body may well be of the kind, but has more events than are accepted at once.</summary>
    public bool IsTooLarge { get; init; }

    /// <summary>The message without what differs from one body to the next: what bodies are counted by.</summary>
    public string Reason { get; init; } = message;

    /// <summary>Where it begins to be of another kind, secrets masked; null where nobody knows.</summary>
    public string? Sample { get; set; }
}
