use super::*;

fn names(listing: &Listing) -> Vec<&str> {
    let mut names: Vec<&str> = listing.entries.iter().map(|entry| entry.name.as_str()).collect();
    names.sort_unstable();
    names
}

#[tokio::test]
async fn a_folder_is_listed_with_sizes_and_kinds() {
    let scene = Scene::new();
    scene.host_has("docs/a.txt", b"12345");
    scene.host_has("docs/inner/b.txt", b"");
    let listing = scene.listed("docs").await.unwrap();
    assert_eq!(names(&listing), ["a.txt", "inner"]);
    let of = |name: &str| listing.entries.iter().find(|entry| entry.name.as_str() == name).unwrap();
    assert_eq!((of("a.txt").is_folder, of("a.txt").size), (false, 5));
    assert!(of("inner").is_folder && of("a.txt").modified.is_some());
    assert_eq!(names(&scene.listed("").await.unwrap()), ["docs"]);
}

#[tokio::test]
async fn a_folder_of_many_is_listed_up_to_ten_thousand() {
    let scene = Scene::new();
    for number in 0..10_050 {
        fs::File::create(scene.host_place.path().join(number.to_string())).unwrap();
    }
    let listing = scene.listed("").await.unwrap();
    assert_eq!(listing.entries.len(), MOST_ENTRIES);
    assert!(listing.more);
}

#[tokio::test]
async fn without_the_permission_or_a_folder_nothing_is_told() {
    let scene = Scene::new();
    scene.host_has("a.txt", b"a");
    scene.has("b.txt", b"b");
    scene.switch.set(false);
    let into = TempDir::new().unwrap();
    assert_eq!(scene.listed("").await, Err(FileStop::NotAllowed));
    assert_eq!(scene.fetched(&scene.fetch(&["a.txt"], into.path())).await, Err(FileStop::NotAllowed));
    assert_eq!(scene.uploaded(&scene.upload(&["b.txt"])).await, Err(FileStop::NotAllowed));
    scene.switch.set(true);
    scene.host.choose_folder(None).unwrap();
    assert_eq!(scene.listed("").await, Err(FileStop::NoFolder));
    assert_eq!(scene.fetched(&scene.fetch(&["a.txt"], into.path())).await, Err(FileStop::NoFolder));
    assert_eq!(scene.uploaded(&scene.upload(&["b.txt"])).await, Err(FileStop::NoFolder));
    assert_eq!(scene.names_on_host(), ["a.txt"]);
}

#[tokio::test]
async fn what_is_not_there_is_said_so() {
    let scene = Scene::new();
    let into = TempDir::new().unwrap();
    assert_eq!(scene.listed("nowhere").await, Err(FileStop::NotThere));
    assert_eq!(scene.fetched(&scene.fetch(&["nowhere"], into.path())).await, Err(FileStop::NotThere));
    assert_eq!(scene.fetched(&scene.fetch(&[""], into.path())).await, Err(FileStop::NotThere));
}

#[cfg(unix)]
#[tokio::test]
async fn a_symbolic_link_leads_nobody_out() {
    let scene = Scene::new();
    let outside = TempDir::new().unwrap();
    written(outside.path(), "key", b"secret");
    scene.host_has("a.txt", b"");
    scene.has("b.txt", b"b");
    std::os::unix::fs::symlink(outside.path(), scene.host_place.path().join("out")).unwrap();
    std::os::unix::fs::symlink(outside.path().join("key"), scene.host_place.path().join("key")).unwrap();
    std::os::unix::fs::symlink("..", scene.host_place.path().join("up")).unwrap();
    assert_eq!(names(&scene.listed("").await.unwrap()), ["a.txt"]);
    let into = TempDir::new().unwrap();
    for link in ["out", "up"] {
        assert!(scene.listed(link).await.is_err(), "{link}");
        assert!(scene.listed(&format!("{link}/..")[..link.len()]).await.is_err(), "{link}");
    }
    for link in ["out/key", "out", "key", "up"] {
        let fetch = scene.fetch(&[link], into.path());
        let taken = scene.fetched(&fetch).await;
        assert!(taken.is_err() || taken.unwrap().files == 0, "{link}");
    }
    assert!(tree(into.path()).is_empty());
    let chosen = vec![scene.viewer_place.path().join("b.txt")];
    let upload = Upload::new(chosen, path("out"), scene.clock.shared(), allowed());
    assert!(scene.uploaded(&upload).await.is_err());
    assert_eq!(tree(outside.path()).len(), 1);
}

#[cfg(unix)]
#[tokio::test]
async fn names_that_cannot_be_shown_are_left_out() {
    let scene = Scene::new();
    scene.host_has("good.txt", b"");
    scene.host_has("invoice\u{202e}fdp.exe", b"");
    scene.host_has("bell\u{7}", b"");
    assert_eq!(names(&scene.listed("").await.unwrap()), ["good.txt"]);
}
