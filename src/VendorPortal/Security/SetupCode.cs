using System.Security.Cryptography;

namespace VendorPortal.Security;

/// <summary>The one-time code that guards the setup page. It lives in memory only, until it is used or the process ends.</summary>
public sealed class SetupCode
{
    // Without letters that are read for digits; 20 of 31 give 99 bits.
    private const string Alphabet = "ABCDEFGHJKMNPQRSTUVWXYZ23456789";
    private volatile byte[]? hash;

    /// <summary>True while the first account is still to be made.</summary>
    public bool IsOpen => hash is not null;

    /// <summary>Makes a new code; an earlier one is void.</summary>
    public string Open()
    {
        var letters = RandomNumberGenerator.GetString(Alphabet, 20);
        hash = Secrets.Hash(letters);
        return string.Join('-', letters.Chunk(5).Select(part => new string(part)));
    }

    /// <summary>True where the code is open and this is it; dashes, blanks and case do not matter.</summary>
    public bool Matches(string? entered)
    {
        if (hash is not { } expected || entered is null || entered.Length > 64)
            return false;
        var letters = string.Concat(entered.Where(char.IsAsciiLetterOrDigit)).ToUpperInvariant();
        return Secrets.Matches(letters, expected);
    }

    /// <summary>From now on no code is accepted.</summary>
    public void Close() => hash = null;
}
