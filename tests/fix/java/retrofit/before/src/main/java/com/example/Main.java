package com.example;

import com.example.api.BooksFactory;

public class Main {
    public static void main(String[] args) throws Exception {
        String authtoken = "c01dfee7ba5eba11ad0be5ec0ff1ce77";
        System.out.println(BooksFactory.create().contacts(authtoken, "10234695").execute().body());
    }
}
