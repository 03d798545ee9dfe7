namespace VendorPortal.Hosting;

/// <summary>What a person gave cannot be used; the message, one line, says what is accepted.</summary>
public sealed class InputException(string message) : Exception(message)
{
    /// <summary>The trimmed text: 1 to <paramref name="max"/> characters, none of them a control character.</summary>
    /// <exception cref="InputException">It is empty, too long, or has control characters.</exception>
    public static string Require(string what, string? text, int max) =>
        Optional(what, text, max) ?? throw new InputException($"{what} is empty; it has 1 to {max} characters.");

    /// <summary>The trimmed text, null where it is empty.</summary>
    /// <exception cref="InputException">It is too long, or has control characters.</exception>
    public static string? Optional(string what, string? text, int max)
    {
        var clean = text?.Trim();
        if (string.IsNullOrEmpty(clean))
            return null;
        if (clean.Length > max)
            throw new InputException($"{what} is too long; it has at most {max} characters.");
        return clean.Any(char.IsControl) ? throw new InputException($"{what} has control characters; remove them.") : clean;
    }
}
