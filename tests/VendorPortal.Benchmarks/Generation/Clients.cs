namespace VendorPortal.Benchmarks.Generation;

/// <summary>The user agents of the generated traffic, most used first.</summary>
internal static class Clients
{
    public static readonly IReadOnlyList<string> All = [.. Families().SelectMany(f => f).Take(40)];

    private static IEnumerable<IEnumerable<string>> Families()
    {
        yield return Enumerable.Range(0, 8).Select(i => $"containerd/v1.7.{29 - i}");
        yield return Enumerable.Range(0, 8).Select(i => $"docker/28.{8 - i}.0 go/go1.24.5 git-commit/5beb93d kernel/6.8.0 os/linux arch/amd64 UpstreamClient(Docker-Client/28.{8 - i}.0 \\(linux\\))");
        yield return Enumerable.Range(0, 6).Select(i => $"cri-o/1.3{5 - i}.2 go/go1.23.4 os/linux arch/amd64");
        yield return Enumerable.Range(0, 5).Select(i => $"buildkit/v0.2{5 - i}.1");
        yield return Enumerable.Range(0, 4).Select(i => $"skopeo/1.1{8 - i}.0");
        yield return Enumerable.Range(0, 4).Select(i => $"Helm/3.1{8 - i}.4");
        yield return ["go-containerregistry/v0.20.3", "Watchtower/v1.7.1", "renovate/41.5.0", "oras/1.2.3", "cosign/v2.5.0 (linux; amd64)"];
    }
}
