use super::*;

#[tokio::test]
async fn nothing_is_overwritten() {
    let scene = Scene::new();
    scene.host_has("photo.jpg", b"mine");
    scene.host_has("trip/photo.jpg", b"mine too");
    scene.has("photo.jpg", b"theirs");
    scene.has("trip/photo.jpg", b"theirs too");
    scene.uploaded(&scene.upload(&["photo.jpg", "trip"])).await.unwrap();
    scene.uploaded(&scene.upload(&["photo.jpg"])).await.unwrap();
    let there = scene.on_host();
    assert_eq!(there["photo.jpg"], b"mine");
    assert_eq!(there["photo (2).jpg"], b"theirs");
    assert_eq!(there["photo (3).jpg"], b"theirs");
    assert_eq!(there["trip/photo.jpg"], b"mine too");
    assert_eq!(there["trip (2)/photo.jpg"], b"theirs too");
}

#[tokio::test]
async fn a_folder_of_that_name_is_not_overwritten_by_a_file() {
    let scene = Scene::new();
    scene.host_has("thing/inside", b"");
    scene.has("thing", b"file");
    scene.uploaded(&scene.upload(&["thing"])).await.unwrap();
    assert_eq!(scene.on_host()["thing (2)"], b"file");
}

#[tokio::test]
async fn what_a_login_would_read_does_not_land_under_that_name() {
    let scene = Scene::new();
    scene.has(".bash_profile", b"evil");
    scene.uploaded(&scene.upload(&[".bash_profile"])).await.unwrap();
    assert_eq!(scene.names_on_host(), ["_.bash_profile"]);
}

#[cfg(unix)]
#[tokio::test]
async fn names_that_become_one_land_side_by_side() {
    let scene = Scene::new();
    scene.has("a/x:1/f", b"1");
    scene.has("a/x?1/f", b"2");
    scene.uploaded(&scene.upload(&["a"])).await.unwrap();
    let names = scene.names_on_host();
    assert_eq!(names, ["a/", "a/x_1/", "a/x_1/f", "a/x_1/f (2)"]);
}

#[cfg(unix)]
#[tokio::test]
async fn a_symbolic_link_under_the_name_stays_and_is_not_written_through() {
    let scene = Scene::new();
    let outside = TempDir::new().unwrap();
    let target = written(outside.path(), "target", b"before");
    std::os::unix::fs::symlink(&target, scene.host_place.path().join("a.txt")).unwrap();
    scene.has("a.txt", b"after");
    scene.uploaded(&scene.upload(&["a.txt"])).await.unwrap();
    assert_eq!(fs::read(target).unwrap(), b"before");
    assert_eq!(scene.on_host()["a (2).txt"], b"after");
}
