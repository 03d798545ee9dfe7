using Microsoft.AspNetCore.Components;

namespace VendorPortal.Components.Controls;

/// <summary>A digest in short, <c>sha256:3f2a…91c0</c>, whole on hover and to copy.</summary>
public sealed partial class DigestText
{
    [Parameter, EditorRequired]
    public required string Digest { get; set; }

    /// <summary>True inside a row that is itself a button.</summary>
    [Parameter]
    public bool NoCopy { get; set; }

    /// <summary>The algorithm and the first and last four characters; other text as it is.</summary>
    public static string Short(string digest)
    {
        var colon = digest.IndexOf(':', StringComparison.Ordinal);
        return colon > 0 && digest.Length - colon > 12 ? $"{digest[..(colon + 5)]}…{digest[^4..]}" : digest;
    }
}
