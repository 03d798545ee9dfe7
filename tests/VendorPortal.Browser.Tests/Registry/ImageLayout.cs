using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace VendorPortal.Browser.Tests.Registry;

/// <summary>A tiny OCI image on disk: one file in one layer for each platform, under an index where there are several.</summary>
public sealed class ImageLayout
{
    private const string ManifestType = "application/vnd.oci.image.manifest.v1+json";
    private const string IndexType = "application/vnd.oci.image.index.v1+json";
    private readonly string folder;

    private ImageLayout(string folder) => this.folder = folder;

    /// <summary>The reference skopeo takes.</summary>
    public string Reference => $"oci:{folder}:image";

    /// <summary>Digest of the index, or of the only manifest.</summary>
    public string Digest { get; private set; } = "";

    /// <summary>Digests of the platforms' manifests, in the order they were given.</summary>
    public List<string> Manifests { get; } = [];

    /// <summary>Writes an image whose content, and so whose digests, follow from <paramref name="content"/>.</summary>
    public static ImageLayout Write(string folder, string content, params string[] architectures)
    {
        Directory.CreateDirectory(Path.Combine(folder, "blobs", "sha256"));
        var layout = new ImageLayout(folder);
        var manifests = architectures.Select(a => layout.WriteManifest(content, a)).ToList();
        layout.Manifests.AddRange(manifests.Select(m => m.Digest));
        var root = manifests.Count == 1
            ? manifests[0]
            : layout.WriteBlob(IndexType, JsonSerializer.SerializeToUtf8Bytes(new
            {
                schemaVersion = 2,
                mediaType = IndexType,
                manifests = manifests.Zip(architectures, (m, a) => new
                {
                    mediaType = m.MediaType,
                    digest = m.Digest,
                    size = m.Size,
                    platform = new { os = "linux", architecture = a },
                }),
            }));
        layout.Digest = root.Digest;
        var named = new
        {
            mediaType = root.MediaType,
            digest = root.Digest,
            size = root.Size,
            annotations = new Dictionary<string, string>(StringComparer.Ordinal) { ["org.opencontainers.image.ref.name"] = "image" },
        };
        File.WriteAllText(Path.Combine(folder, "oci-layout"), """{"imageLayoutVersion":"1.0.0"}""");
        File.WriteAllText(Path.Combine(folder, "index.json"), JsonSerializer.Serialize(new { schemaVersion = 2, manifests = new[] { named } }));
        return layout;
    }

    private Descriptor WriteManifest(string content, string architecture)
    {
        var tar = Tar($"{content} {architecture}");
        var layer = WriteBlob("application/vnd.oci.image.layer.v1.tar+gzip", Gzip(tar));
        var config = WriteBlob("application/vnd.oci.image.config.v1+json", JsonSerializer.SerializeToUtf8Bytes(new
        {
            architecture,
            os = "linux",
            config = new { },
            rootfs = new { type = "layers", diff_ids = new[] { Sha256(tar) } },
        }));
        return WriteBlob(ManifestType, JsonSerializer.SerializeToUtf8Bytes(new
        {
            schemaVersion = 2,
            mediaType = ManifestType,
            config = new { mediaType = config.MediaType, digest = config.Digest, size = config.Size },
            layers = new[] { new { mediaType = layer.MediaType, digest = layer.Digest, size = layer.Size } },
        }));
    }

    private Descriptor WriteBlob(string mediaType, byte[] data)
    {
        var digest = Sha256(data);
        File.WriteAllBytes(Path.Combine(folder, "blobs", "sha256", digest["sha256:".Length..]), data);
        return new Descriptor(mediaType, digest, data.Length);
    }

    private static byte[] Tar(string content)
    {
        using var stream = new MemoryStream();
        using (var tar = new TarWriter(stream, TarEntryFormat.Ustar, leaveOpen: true))
        {
            using var data = new MemoryStream(Encoding.UTF8.GetBytes(content));
            tar.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, "content.txt") { DataStream = data, ModificationTime = DateTimeOffset.UnixEpoch });
        }

        return stream.ToArray();
    }

    private static byte[] Gzip(byte[] data)
    {
        using var stream = new MemoryStream();
        using (var gzip = new GZipStream(stream, CompressionLevel.Fastest))
            gzip.Write(data);
        return stream.ToArray();
    }

    private static string Sha256(byte[] data) => "sha256:" + Convert.ToHexStringLower(SHA256.HashData(data));

    private sealed record Descriptor(string MediaType, string Digest, int Size);
}
